import type { Deletion, DeletionResult } from '../../domain/review/deletion.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { putNotice, type StateStore } from '../tracker/state.ts';

export const dayMs = 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;

export interface RetentionParts {
  readonly store: StateStore;
  /**
   * Epoch ms as the server told it since this program started; null before that. Never this machine's clock:
   * one that is wrong would make every record old.
   */
  readonly serverNow: () => number | null;
  readonly deleteRecords: (what: Deletion) => Promise<DeletionResult | null>;
  /** For how many days records were kept when the person was last told that older ones are deleted. */
  readonly announced: { readonly get: () => number | null; readonly set: (days: number) => void };
  readonly log: (line: string) => void;
}

/**
 * Deletes records that are older than the settings keep them: once the server is live and the database is
 * there, then hourly, and whenever the setting changes. Returns its stop.
 */
export function startRetention({
  store,
  serverNow,
  deleteRecords,
  announced,
  log,
}: RetentionParts): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let stopped = false;
  /** The setting the last run was made for; undefined while none is under way or waiting for its hour. */
  let ranFor: number | null | undefined;

  function announce(records: number, days: number): void {
    if (records === 0 || announced.get() === days) return;
    announced.set(days);
    const text = say('notice.expired', { count: records, days });
    putNotice(store, { id: 'expired', tone: 'info', text });
  }

  async function run(days: number, now: number): Promise<void> {
    try {
      const deleted = await deleteRecords({ kind: 'range', since: null, until: now - days * dayMs });
      announce(deleted?.records ?? 0, days);
    } catch (error) {
      log(`retention: ${reasonOf(error)}; tried again in an hour`);
    }
  }

  function look(): void {
    const { link, database, settings } = store.model.getState();
    const days = settings.values.keepDays;
    if (running || days === ranFor) return;
    const now = serverNow();
    if (days === null || link.kind !== 'live' || database.health !== 'ok' || now === null) return;
    running = true;
    ranFor = days;
    clearTimeout(timer);
    void run(days, now).then(() => {
      running = false;
      if (stopped) return;
      timer = setTimeout(() => {
        ranFor = undefined;
        look();
      }, hourMs);
      look();
    });
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    const { link, database, settings } = now;
    if (link !== was.link || database !== was.database || settings !== was.settings) look();
  });
  look();

  return () => {
    stopped = true;
    unsubscribe();
    clearTimeout(timer);
  };
}
