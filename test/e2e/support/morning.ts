import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../../build/paths.mjs';
import { AGENT, fixedId } from '../../../electron/feed/simulator/directory.ts';
import { startSimulator, type RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { openDatabase } from '../../../electron/store/client.ts';
import { resolveKey } from '../../../electron/store/key.ts';
import { databaseFolder, workerFile } from '../../../electron/paths.ts';
import type { LocalDatabase } from '../../../domain/database.ts';
import { noKeyStore } from '../../unit/store/values.ts';
import { trackerOn } from '../../unit/tracker/tracker-on.ts';

const minute = 60_000;

/** Invented, and the same in every run; the newest last. */
export const morning = [
  {
    customer: 'Ana Lind',
    queue: 'Billing help',
    viewedMs: 2 * minute,
    sharedMs: 12 * minute,
    code: 'Invoice explained',
    notes: 'Walked through 2231 together',
  },
  {
    customer: 'Bo Ekdal',
    queue: 'Online banking',
    viewedMs: 31 * minute,
    sharedMs: 0,
    code: 'Login restored',
    notes: '',
  },
  { customer: 'Cleo Marsh', queue: 'Home internet', viewedMs: 0, sharedMs: 0, code: null, notes: '' },
  {
    customer: 'Dana Ruiz',
    queue: 'Billing help',
    viewedMs: minute,
    sharedMs: 2 * minute,
    code: 'Complaint',
    notes: 'The invoice came twice',
  },
] as const;
type Contact = (typeof morning)[number];

/** Longer than the morning: it ends before now. */
const agoMs = 120 * minute;

/**
 * Fills a data folder with the records of a morning: the simulator's own answers, decoded and folded by the
 * product's tracker and kept by its store, with a clock that is the test's. Nothing is left open.
 */
export async function liveThroughAMorning(data: string): Promise<void> {
  const folder = databaseFolder(data, AGENT.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const resolved = await resolveKey({ folder, keyStore: noKeyStore, preference: 'file', isDemo: false });
  if (resolved.kind !== 'ready') throw new Error(`The key of ${folder} is not to be had.`);
  const database = await openDatabase({
    folder,
    key: resolved.key,
    workerFile: workerFile(path.join(ROOT, 'out')),
  });
  const start = Date.now() - agoMs;
  const server = await startSimulator({
    scenario: 'idle',
    speed: 0,
    seed: 'morning',
    rateLimit: Infinity,
    now: () => start,
  });
  try {
    await watch(server, database);
  } finally {
    await server.close();
    await database.close();
  }
  // The account is known from an earlier run, so that its database is opened at once.
  const preferences = { account: { id: AGENT.id, name: AGENT.name }, toldAboutTray: true };
  await writeFile(path.join(data, 'preferences.json'), JSON.stringify(preferences));
}

async function watch(
  { apiUrl, accessToken, control }: RunningSimulator,
  database: LocalDatabase,
): Promise<void> {
  let now = 0;
  const tracker = trackerOn(database, () => now);
  const read = async (what: string): Promise<{ subject: string; body: string }> => {
    const address = `/api/v2/${what}`;
    const response = await fetch(`${apiUrl}${address}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    now = Date.parse(response.headers.get('date') ?? '');
    return { subject: `GET ${address}`, body: await response.text() };
  };
  await read('conversations');
  await tracker.identified({ id: AGENT.id, name: AGENT.name });
  for (const contact of morning) {
    const { conversationId } = control.begin({
      policy: 'mandatory',
      queue: contact.queue,
      customer: contact.customer,
    });
    for (const act of [() => undefined, ...actsOf(contact, control, conversationId)]) {
      act();
      const { subject, body } = await read(`conversations/${conversationId}`);
      const receivedAt = new Date(now).toISOString();
      const content = { kind: 'conversation', value: JSON.parse(body) as unknown } as const;
      await tracker.arrived({ source: 'rest', subject, receivedAt, body, content });
    }
    control.advance(10 * minute);
  }
}

/** What happens one after the other; each is seen by itself. */
function actsOf(
  { viewedMs, sharedMs, code, notes }: Contact,
  control: RunningSimulator['control'],
  id: string,
): (() => void)[] {
  const wait = (ms: number) => () => {
    control.advance(ms);
  };
  if (code === null) return [wait(20_000), () => control.disconnect('timeout', id)];
  const sharing = [() => control.startSharing(2, id), wait(sharedMs), () => control.stopSharing(id)];
  return [
    wait(9000),
    () => control.answer(id),
    wait(viewedMs),
    ...(sharedMs > 0 ? sharing : []),
    () => control.disconnect('peer', id),
    wait(41_000),
    () => control.wrapUp({ code: fixedId(`code ${code}`), notes }, id),
  ];
}
