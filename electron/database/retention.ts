import { dayMs } from '../../domain/clocks/time.ts';
import type { Deletion, DeletionPlan, DeletionResult } from '../../domain/review/deletion.ts';
import type { SettingsState } from '../../domain/state.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { dayAndTime } from '../../domain/words/time-words.ts';
import { dropNotice, putNotice, type StateStore } from '../tracker/state.ts';

const hourMs = 60 * 60 * 1000;
const plannedNotice = 'policy-deletion';

export interface RetentionParts {
  readonly store: StateStore;
  /** See `Tracker.agreedNow`. Never one clock alone: one that is wrong would make every record old. */
  readonly agreedNow: () => number | null;
  readonly clocksDisagree: () => boolean;
  readonly deleteRecords: (what: Deletion) => Promise<DeletionResult | null>;
  /** What deleting would do; null while there is no database. */
  readonly plan: (what: Deletion) => Promise<DeletionPlan | null>;
  /** For how many days records were kept when the person was last told that older ones are deleted. */
  readonly announced: { readonly get: () => number | null; readonly set: (days: number) => void };
  /** Of the account in use. */
  readonly policyDeletion: {
    readonly get: () => PolicyDeletion | null;
    readonly set: (deletion: PolicyDeletion | null) => void;
  };
  readonly log: (line: string) => void;
}

/** For how long the organisation has records kept, and from when on (epoch ms) that deletes the older ones. */
export interface PolicyDeletion {
  readonly keepDays: number;
  readonly from: number;
}

type KeepSettings = Pick<SettingsState, 'values' | 'locked'>;
const isByPolicy = ({ locked }: KeepSettings): boolean => locked.includes('keepDays');

/**
 * For how many days records are kept, as far as it may be acted on at `now`; null: for ever. A person has confirmed
 * their own setting; what an organisation sets waits until it was announced for a day.
 */
export function keepDaysInForce(
  settings: KeepSettings,
  announced: PolicyDeletion | null,
  now: number | null,
): number | null {
  const { keepDays } = settings.values;
  if (keepDays === null || !isByPolicy(settings)) return keepDays;
  const isDue = now !== null && announced !== null && announced.keepDays <= keepDays && now >= announced.from;
  return isDue ? keepDays : null;
}

/**
 * Deletes records that are older than the settings keep them: once the server is live and the database is
 * there, then hourly, and whenever the setting changes. Returns its stop.
 */
export function startRetention({
  store,
  agreedNow,
  clocksDisagree,
  deleteRecords,
  plan,
  announced,
  policyDeletion,
  log,
}: RetentionParts): () => void {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let stopped = false;
  /** The setting the last run was made for; undefined while none is under way or waiting for its hour. */
  let ranFor: number | null | undefined;
  /** What the person was told since the program started. */
  let saidFrom: number | null = null;
  let saidClocks = false;

  function announce(records: number, days: number): void {
    if (records === 0 || announced.get() === days) return;
    announced.set(days);
    const text = say('notice.expired', { count: records, days });
    putNotice(store, { id: 'expired', tone: 'info', text });
  }

  /** What the organisation's setting would delete the first time is announced a day ahead. */
  async function isAnnounced(days: number, now: number): Promise<boolean> {
    const { appearance } = store.model.getState();
    const known = policyDeletion.get();
    if (known === null || known.keepDays !== days) {
      const planned = await plan({ kind: 'range', since: null, until: now - days * dayMs });
      if (planned === null) return false;
      const isFirst = planned.records > 0 && (known === null || days < known.keepDays);
      const from = isFirst ? now + dayMs : Math.max(now, known?.from ?? now);
      policyDeletion.set({ keepDays: days, from });
    }
    const due = policyDeletion.get();
    if (due === null || now >= due.from) {
      dropNotice(store, plannedNotice);
      return true;
    }
    if (saidFrom !== due.from) {
      saidFrom = due.from;
      const when = dayAndTime(due.from, appearance.locale);
      const text = say('notice.policyDeletion', { days, when });
      putNotice(store, { id: plannedNotice, tone: 'warning', text });
      log(`retention: older records are deleted from ${new Date(due.from).toISOString()} on`);
    }
    return false;
  }

  async function run(days: number, now: number): Promise<void> {
    try {
      const isTheirs = isByPolicy(store.model.getState().settings);
      if (!isTheirs && policyDeletion.get() !== null) policyDeletion.set(null);
      if (isTheirs && !(await isAnnounced(days, now))) return;
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
    const now = agreedNow();
    if (days === null || link.kind !== 'live' || database.health !== 'ok') return;
    if (now === null && !clocksDisagree()) return;
    running = true;
    ranFor = days;
    clearTimeout(timer);
    void (now === null ? sayClocksDisagree() : run(days, now)).then(() => {
      running = false;
      if (stopped) return;
      timer = setTimeout(() => {
        ranFor = undefined;
        look();
      }, hourMs);
      look();
    });
  }

  function sayClocksDisagree(): Promise<void> {
    if (!saidClocks) putNotice(store, { id: 'clocks', tone: 'warning', text: say('notice.clocks') });
    saidClocks = true;
    log('retention: this machine’s clock and the server’s are more than a day apart; nothing is deleted');
    return Promise.resolve();
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
