import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { IpcMainInvokeEvent } from 'electron/main';
import {
  callNames,
  callsOf,
  channelOf,
  mayCall,
  windowRoles,
  type CallName,
} from '../../../domain/ipc/channels.ts';
import type { Reply } from '../../../domain/ipc/contract.ts';
import { everything, newestFirst } from '../../../domain/review/query.ts';
import { defaultSettings } from '../../../domain/settings.ts';
import { openRouter, type Handlers } from '../../../electron/ipc/router.ts';
import { runs } from '../size.ts';
import { createWatch, expectNothingInherited, malformedValue } from './hostile.ts';

/** Messages of a page that has been taken over, into the real router. */

type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<Reply<unknown>>;
const registered = vi.hoisted(() => new Map<string, unknown>());
vi.mock('electron/main', () => ({
  ipcMain: {
    handle: (channel: string, listener: unknown) => registered.set(channel, listener),
    removeHandler: (channel: string) => registered.delete(channel),
  },
}));

const key = 'conversation-1/participant-1/communication-1';
const query = { ...everything, words: ['ana'] };
/** Arguments that are right for one call or another. */
const right = [
  { key },
  { key, code: 'code-1', name: 'Resolved', notes: 'a note', revision: 3 },
  { key, ends: 'the call' },
  { key, required: true },
  { code: 'code-1', favourite: true },
  { choice: 'passphrase', passphrase: 'correct horse' },
  { choice: 'delete', word: 'delete' },
  { region: 'eu_central_1', clientId: '12345678-1234-1234-1234-123456789012' },
  { theme: 'dark' },
  { height: 300 },
  defaultSettings,
  { query, order: newestFirst, from: 0, count: 100 },
  { format: 'json', redact: true, query },
  { records: { kind: 'found', query }, redact: true },
  { kind: 'range', since: 1, until: 2 },
  { kind: 'csv', name: 'days', text: 'a,b' },
  { days: 30 },
];

const nothing = fc.constantFrom<unknown>(undefined, null, Symbol.iterator, () => 'called', 10n);
const cyclic = fc.constant(null).map((): unknown => {
  const value: Record<string, unknown> = { key };
  value['itself'] = value;
  return value;
});
const anyArgument: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 30, arbitrary: malformedValue(right) },
  { weight: 2, arbitrary: fc.anything() },
  { weight: 1, arbitrary: nothing },
  { weight: 1, arbitrary: cyclic },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...right) },
);
const anyName = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom<string>(...callNames) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '', 'getSnapshot\0') },
);
const anyRole = fc.constantFrom(...windowRoles, ...windowRoles, null);

describe('a message of a window', () => {
  it(
    'reaches its handler as agreed and from a window that may send it, or is refused and changes nothing',
    async ({ task }) => {
      let role: (typeof windowRoles)[number] | null = null;
      let handled: CallName[] = [];
      let logged = 0;
      const handlersOf = (of: (typeof windowRoles)[number]) =>
        Object.fromEntries(
          callsOf[of].map((name) => [
            name,
            () => {
              handled.push(name);
              return { ok: true, value: null };
            },
          ]),
        );
      const close = openRouter({
        handlers: Object.fromEntries(windowRoles.map((of) => [of, handlersOf(of)])) as unknown as Handlers,
        roleOf: () => role,
        log: (line) => {
          logged += 1;
          expect(line.length).toBeLessThan(2_000);
        },
      });
      const watch = createWatch();
      await fc.assert(
        fc.asyncProperty(
          anyName,
          anyRole,
          fc.array(anyArgument, { maxLength: 2 }),
          async (name, from, args) => {
            role = from;
            const listener = registered.get(channelOf(name as CallName)) as Listener | undefined;
            if (listener === undefined) {
              expect(callNames).not.toContain(name);
              return;
            }
            await watch.duringAll(async () => {
              handled = [];
              logged = 0;
              const { ok } = await listener({} as IpcMainInvokeEvent, ...args);
              expect(handled).toEqual(ok ? [name] : []);
              expect(logged).toBe(ok ? 0 : 1);
              if (ok) expect(from !== null && mayCall(from, name as CallName)).toBe(true);
            });
            expectNothingInherited();
          },
        ),
        runs('MALFORMED', 2_000),
      );
      close();
      task.meta.blockedMs = watch.longestMs();
    },
    24 * 3_600_000,
  );
});
