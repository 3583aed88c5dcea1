import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feed, Target } from '../../../domain/feed.ts';
import { readCurrentUser } from '../../../electron/feed/genesys/auth/current-user.ts';
import { createChannel, isSubscribed, subscribe } from '../../../electron/feed/genesys/channel.ts';
import { createGenesysFeed } from '../../../electron/feed/genesys/feed.ts';
import { createHttp, createRedactor } from '../../../electron/feed/genesys/http.ts';
import { HttpProblem } from '../../../electron/feed/genesys/http-problem.ts';
import { defaultLimits } from '../../../electron/feed/genesys/limits.ts';
import type { Wire } from '../../../electron/feed/genesys/socket.ts';
import { AGENT } from '../../../electron/feed/simulator/directory.ts';
import { CONVERSATIONS_TOPIC } from '../../../electron/feed/simulator/topics.ts';
import { createRig, settled, type Rig } from '../tracker/rig.ts';
import { runs } from '../size.ts';
import { createWatch, expectNothingInherited, malformed, simulated } from './hostile.ts';

/** Whatever a server sends, over the socket or as an answer, through the real feed into the real tracker. */

const { readings, frames } = simulated();
/** While the agent shares. */
const truth = readings[2] as { readonly id: string };
const target: Target = {
  conversationId: truth.id,
  participantId: 'participant-1',
  communicationId: 'communication-1',
  media: 'screenshare',
};

class Cable extends EventEmitter implements Wire {
  readonly OPEN = 1;
  readyState = 1;
  send(): void {
    // Nobody listens.
  }
  close(): void {
    this.terminate();
  }
  terminate(): void {
    if (this.readyState !== 1) return;
    this.readyState = 3;
    queueMicrotask(() => this.emit('close', 1000, Buffer.alloc(0)));
  }
  pause(): void {
    // What waits, waits in here.
  }
  resume(): void {
    // It was never paused.
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Record<string, string>;
}

const good = (value: unknown): Answer => ({ status: 200, text: JSON.stringify(value) });
const permitted = { entities: [{ id: CONVERSATIONS_TOPIC, state: 'Permitted' }] };
const channel = { id: 'channel-1', connectUri: 'wss://api.example.com/channels/channel-1' };
const whole = { entities: [truth], pageNumber: 1, pageCount: 1, total: 1 };

/** The answer of a server that behaves. */
function behaved(path: string): Answer {
  if (path.startsWith('/api/v2/users/me')) return good({ id: AGENT.id, name: 'Robin Vale' });
  if (path.endsWith('/channels')) return good(channel);
  if (path.includes('/subscriptions')) return good(permitted);
  if (path === '/api/v2/conversations') return good(whole);
  if (path.endsWith(`/${truth.id}`)) return good(truth);
  return { status: 503, text: '' };
}

function fetchOf(answerTo: (path: string) => Answer): typeof fetch {
  return (address) => {
    const { pathname } = new URL(address instanceof Request ? address.url : address);
    const { status, text, headers = {} } = answerTo(pathname);
    return Promise.resolve(new Response(status === 204 ? null : text, { status, headers }));
  };
}

interface Line {
  readonly rig: Rig;
  readonly feed: Feed;
  readonly cable: Cable;
  /** Answers everything from now on; null: a server that behaves. */
  hostile: Answer | null;
  /** Facts that were not taken, and whatever else went wrong inside. */
  readonly failures: string[];
}

/** Live, and the agent is sharing. */
async function connected(): Promise<Line> {
  const rig = createRig();
  let cable = new Cable();
  const failures: string[] = [];
  const feed = createGenesysFeed({
    apiUrl: 'https://api.example.com',
    token: () => 'a-token',
    listener: rig.tracker,
    clock: rig.clock,
    // The clock of the rig stands still while a request is answered.
    limits: { explanationMs: 0 },
    random: () => 0,
    fetch: fetchOf((path) => line.hostile ?? behaved(path)),
    dial: () => {
      cable = new Cable();
      setImmediate(() => cable.emit('open'));
      return cable;
    },
    log: (text) => failures.push(text),
  });
  rig.onReread = (conversationId) => feed.reread(conversationId);
  rig.onRelist = () => feed.relist();
  const line: Line = {
    rig,
    feed,
    hostile: null,
    failures,
    get cable() {
      return cable;
    },
  };
  feed.start();
  for (let turn = 0; turn < 100 && rig.store.model.getState().link.kind !== 'live'; turn += 1)
    await settled();
  expect([rig.store.model.getState().link, failures]).toEqual([{ kind: 'live' }, []]);
  expect(rig.store.app.getState().status).toMatchObject({ phase: 'sharing', confirmed: true });
  return line;
}

const records = ({ rig }: Line) => rig.store.model.getState().communications;

/** Used until something came that was understood: that may change what is shown. */
class Lines {
  #line: Line | null = null;
  #used = 0;

  async current(): Promise<Line> {
    this.#used += 1;
    if (this.#used > 500) await this.drop();
    this.#line ??= await connected();
    // Each input has a minute of its own, so that there is room for its requests.
    this.#line.rig.now += 60;
    return this.#line;
  }

  async drop(): Promise<void> {
    const line = this.#line;
    this.#line = null;
    this.#used = 0;
    if (line === null) return;
    line.hostile = null;
    line.rig.tracker.stop();
    await line.feed.stop();
    line.rig.store.stop();
  }
}

const timeout = 24 * 3_600_000;

describe('whatever a server sends', () => {
  it(
    'over the socket is taken, or changes no record and is one line of the log at most',
    async ({ task }) => {
      const lines = new Lines();
      const watch = createWatch();
      const anyBytes = fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes));
      const anyFrame = fc.oneof(
        { weight: 50, arbitrary: malformed(frames).map((text) => Buffer.from(text)) },
        { weight: 1, arbitrary: anyBytes },
      );
      await fc.assert(
        fc.asyncProperty(anyFrame, fc.boolean(), async (bytes, isBinary) => {
          const line = await lines.current();
          const { rig, failures } = line;
          const before = records(line);
          const logged = rig.logged.length;
          rig.notebook.journal.length = 0;
          // What is asked again brings nothing: only the frame itself may change anything.
          line.hostile = { status: 503, text: '' };
          await watch.duringAll(() => {
            line.cable.emit('message', bytes, isBinary && bytes.length < 50);
            return settled();
          });
          expect(failures).toEqual([]);
          expect(rig.logged.length - logged).toBeLessThanOrEqual(1);
          expectNothingInherited();
          const isRefused = rig.notebook.journal.every(({ refusal }) => refusal !== null);
          if (isRefused) expect(records(line)).toBe(before);
          if (!isRefused || rig.store.model.getState().link.kind !== 'live') await lines.drop();
        }),
        runs('MALFORMED', 800),
      );
      await lines.drop();
      task.meta.blockedMs = watch.longestMs();
    },
    timeout,
  );

  const anyStatus = fc.constantFrom(
    200,
    200,
    200,
    200,
    202,
    204,
    302,
    400,
    401,
    403,
    404,
    409,
    429,
    500,
    503,
  );
  const anyHeaders = fc.constantFrom<Record<string, string>>(
    {},
    { date: 'never' },
    { date: '+275760-09-13T00:00:00.001Z' },
    { 'retry-after': '9'.repeat(400) },
    { 'retry-after': '-1' },
    { 'content-type': 'text/html' },
  );
  const anyAnswer = (samples: readonly unknown[]): fc.Arbitrary<Answer> =>
    fc.record({ status: anyStatus, text: malformed(samples), headers: anyHeaders });

  it(
    'as an answer is read, or refused without a change of a record',
    async ({ task }) => {
      const lines = new Lines();
      const watch = createWatch();
      const codes = [{ id: 'code-1', name: 'Resolved' }];
      const answers = anyAnswer([...readings, whole, codes, { message: 'No', code: 'bad.request' }]);
      await fc.assert(
        fc.asyncProperty(answers, fc.nat(3), async (answer, which) => {
          const line = await lines.current();
          const { rig, feed, failures } = line;
          const before = records(line);
          rig.notebook.journal.length = 0;
          line.hostile = answer;
          const asks = [
            async () =>
              expect(['read', 'forbidden', 'unreadable', 'failed']).toContain(await feed.reread(truth.id)),
            async () => expect(typeof (await feed.relist()).ok).toBe('boolean'),
            async () => expect(typeof (await feed.send(target, { kind: 'answer' })).kind).toBe('string'),
            async () => {
              const read: unknown = await feed.wrapupCodes(target).catch((error: unknown) => error);
              expect(Array.isArray(read) || read instanceof HttpProblem).toBe(true);
            },
          ];
          await watch.duringAll(async () => {
            await asks[which]?.();
          });
          await settled();
          expect(failures).toEqual([]);
          expectNothingInherited();
          const isRefused = rig.notebook.journal.every(({ refusal }) => refusal !== null);
          if (isRefused) expect(records(line)).toBe(before);
          if (!isRefused || rig.store.model.getState().link.kind !== 'live') await lines.drop();
        }),
        runs('MALFORMED', 800),
      );
      await lines.drop();
      task.meta.blockedMs = watch.longestMs();
    },
    timeout,
  );

  it(
    'while a connection begins ends in a problem that says why, or in what was asked for',
    async ({ task }) => {
      const watch = createWatch();
      let answer: Answer = good({});
      let now = 0;
      const redactor = createRedactor();
      const { signal } = new AbortController();
      const http = createHttp({
        baseUrl: new URL('https://api.example.com'),
        token: () => 'a-token',
        fetch: fetchOf(() => answer),
        clock: { now: () => (now += 3_600_000), after: () => () => undefined },
        limits: defaultLimits,
        redactor,
        contact: () => undefined,
        dated: () => undefined,
      });
      const opened = { id: 'channel-1', connectUri: new URL(channel.connectUri) };
      const person = { id: 'agent-1', name: 'Robin', authorization: { permissions: ['conversations:view'] } };
      const anyBeginning = anyAnswer([person, channel, permitted]);
      await fc.assert(
        fc.asyncProperty(anyBeginning, fc.nat(3), async (hostile, which) => {
          answer = hostile;
          const asks = [
            () => readCurrentUser(http),
            () => createChannel(http, redactor, signal),
            () => subscribe(http, opened, CONVERSATIONS_TOPIC, signal),
            () => isSubscribed(http, opened, CONVERSATIONS_TOPIC, signal),
          ];
          await watch.duringAll(async () => {
            const problem = await asks[which]?.().then(
              () => null,
              (error: unknown) => error,
            );
            if (problem !== null) expect(problem).toBeInstanceOf(HttpProblem);
          });
          expectNothingInherited();
        }),
        runs('MALFORMED', 800),
      );
      task.meta.blockedMs = watch.longestMs();
    },
    timeout,
  );
});
