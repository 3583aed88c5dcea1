import { trackerOn } from '../unit/tracker/tracker-on.ts';
import { startSimulator, type RunningSimulator } from '../../electron/feed/simulator/server.ts';
import { BUSY_DAY_MS } from '../../electron/feed/simulator/scenarios.ts';
import type { SimConversation } from '../../electron/feed/simulator/world.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { isSettled } from '../../domain/communication/phase.ts';
import type { JournalEntry, LocalDatabase } from '../../domain/database.ts';

/** One fact as it was made durable: what arrived, and the communications it changed. */
export interface Commit {
  readonly entry: JournalEntry;
  readonly changed: readonly Communication[];
}

export interface Day {
  /** In the order they happened. */
  readonly commits: readonly Commit[];
  /** Those about what was settled in the end: on the days before, nothing is left open. */
  readonly settled: readonly Commit[];
  /** How many communications those are about. */
  readonly records: number;
  readonly person: { readonly id: string; readonly name: string };
}

/** How often the day is looked at, in simulated ms. */
const STEP_MS = 10_000;

/**
 * A simulated working day as it reaches the database: the simulator's own answers, decoded and folded by the
 * product's tracker. It ends with one wrap-up that is still due.
 */
export async function liveThroughADay(start: number): Promise<Day> {
  const server = await startSimulator({
    scenario: 'busy-day',
    speed: 0,
    seed: 'bench',
    rateLimit: Infinity,
    now: () => start,
  });
  try {
    return await watch(server);
  } finally {
    await server.close();
  }
}

async function watch({ apiUrl, accessToken, userId, control }: RunningSimulator): Promise<Day> {
  const commits: Commit[] = [];
  let now = 0;
  const tracker = trackerOn(recorder(commits), () => now);
  await tracker.identified({ id: userId, name: 'Robin Vale' });
  await read('conversations');

  const seen = new Map<string, string>();
  for (let passed = 0; passed < BUSY_DAY_MS; passed += STEP_MS) {
    control.advance(STEP_MS);
    await readChanged();
  }
  const { conversationId } = control.begin({ policy: 'mandatory' });
  await readChanged();
  control.answer(conversationId);
  await readChanged();
  control.disconnect('peer', conversationId);
  await readChanged();

  const latest = new Map(
    commits.flatMap(({ changed }) => changed.map((each) => [each.conversationId, each])),
  );
  const isOfSettled = ({ changed }: Commit): boolean =>
    changed.every(({ conversationId }) => {
      const end = latest.get(conversationId);
      return end !== undefined && isSettled(end);
    });
  const settled = commits.filter(isOfSettled);
  const records = new Set(settled.flatMap(({ changed }) => changed.map(({ key }) => key))).size;
  return { commits, settled, records, person: { id: userId, name: 'Robin Vale' } };

  async function readChanged(): Promise<void> {
    for (const conversation of control.world.conversations.filter(hasChanged)) {
      const { subject, body } = await read(`conversations/${conversation.id}`);
      const receivedAt = new Date(now).toISOString();
      const content = { kind: 'conversation', value: JSON.parse(body) as unknown } as const;
      await tracker.arrived({ source: 'rest', subject, receivedAt, body, content });
    }
  }

  function hasChanged(conversation: SimConversation): boolean {
    const is = JSON.stringify(conversation);
    const changed = seen.get(conversation.id) !== is;
    seen.set(conversation.id, is);
    return changed;
  }

  async function read(what: string): Promise<{ subject: string; body: string }> {
    const path = `/api/v2/${what}`;
    const response = await fetch(`${apiUrl}${path}`, { headers: { authorization: `Bearer ${accessToken}` } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    now = Date.parse(response.headers.get('date') ?? '');
    return { subject: `GET ${path}`, body: await response.text() };
  }
}

/** A database that only notes what it is given. */
function recorder(commits: Commit[]): LocalDatabase {
  const refuse = (): never => {
    throw new Error('A day is made of facts alone.');
  };
  return {
    commit: (entry, changed) => {
      commits.push({ entry, changed });
      return Promise.resolve({ records: 0, facts: commits.length, quarantined: 0 });
    },
    communicationsOf: () => Promise.resolve([]),
    recollect: refuse,
    saveDraft: refuse,
    decide: refuse,
    updateSubmission: refuse,
    cacheCodes: refuse,
    cachedCodes: refuse,
    codeNames: refuse,
    codeUses: refuse,
    codePicks: refuse,
    lastNotes: refuse,
    setFavourite: refuse,
    deleteRecords: refuse,
    close: refuse,
  };
}
