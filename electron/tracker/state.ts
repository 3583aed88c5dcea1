import { createStore, type StoreApi } from 'zustand/vanilla';
import { noAccount } from '../../domain/account.ts';
import {
  atWork,
  nowhere,
  type AppState,
  type Appearance,
  type Notice,
  type Presence,
  type SettingsState,
} from '../../domain/state.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { isSettled } from '../../domain/communication/phase.ts';
import type { KnownState } from '../../domain/present/known-state.ts';
import type { SettingsSection } from '../../domain/settings-sections.ts';
import { present } from '../../domain/present/present.ts';
import { noUpdates } from '../../domain/updates.ts';
import { saysTheSame } from '../../domain/toolbox/equal.ts';

/**
 * The one state. `model` is what is known; `app` is its reading in words, and the only thing windows,
 * tray and notifications see. A reading is made in the same turn as the change it belongs to.
 */
export interface StateStore {
  readonly model: StoreApi<KnownState>;
  readonly app: StoreApi<AppState>;
  /** Changes the model; the reading follows at once. */
  readonly update: (change: (model: KnownState) => Partial<KnownState>) => void;
  readonly stop: () => void;
}

/** Everything known of one account: gone when another one's turn comes. */
type Facts = Omit<
  KnownState,
  | 'source'
  | 'account'
  | 'wallOffsetMs'
  | 'startedAt'
  | 'review'
  | 'updates'
  | 'notices'
  | 'appearance'
  | 'settings'
  | 'presence'
  | 'gateAccepted'
  | 'destination'
>;

export function noFacts(): Facts {
  return {
    person: null,
    closing: false,
    link: { kind: 'connecting', attempt: 0 },
    everLive: false,
    lastContactAt: null,
    cloud: null,
    communications: {},
    unmentioned: [],
    unconfirmedConversations: {},
    listingProblem: null,
    drafts: {},
    submissions: [],
    held: {},
    codes: {},
    codeNames: {},
    uses: [],
    picks: [],
    statusChoices: [],
    nextStatus: null,
    postponed: [],
    correcting: null,
    opened: null,
    openedOnAir: null,
    firstPress: null,
    missedSeen: {},
    reminder: null,
    archive: null,
    database: { health: 'opening', detail: '', quarantined: 0 },
    question: null,
  };
}

export function emptyModel(
  source: KnownState['source'],
  appearance: Appearance,
  settings: SettingsState,
): KnownState {
  return {
    source,
    account: noAccount,
    ...noFacts(),
    wallOffsetMs: 0,
    startedAt: 0,
    review: { revision: 0, file: null, archive: false, task: null },
    updates: noUpdates,
    notices: [],
    appearance,
    settings,
    destination: nowhere,
    presence: atWork,
    gateAccepted: {},
  };
}

/** Slices that say the same keep their identity, so that a window only hears what changed. */
function keepEqualSlices(before: AppState, after: AppState): Partial<AppState> {
  const changed = Object.entries(after).filter(
    ([name, slice]) => !saysTheSame(slice, before[name as keyof AppState]),
  );
  return Object.fromEntries(changed);
}

/** `wallOffsetMs`: what the desktop's clock shows minus `clock`, ms. */
export function createStateStore(
  initial: KnownState,
  clock: () => number,
  wallOffsetMs: () => number = () => 0,
): StateStore {
  const model = createStore<KnownState>(() => initial);
  const app = createStore<AppState>(() => present(initial, clock()).state);
  let recheck: NodeJS.Timeout | undefined;

  function read(): void {
    clearTimeout(recheck);
    const { state, recheckAt } = present(model.getState(), clock());
    const changed = keepEqualSlices(app.getState(), state);
    if (Object.keys(changed).length > 0) app.setState(changed);
    if (recheckAt === null) return;
    // Long waits are cut, because the machine's clock may jump meanwhile.
    recheck = setTimeout(read, Math.min(Math.max(0, recheckAt - clock()) + 1, 30_000));
  }
  const unsubscribe = model.subscribe(read);
  read();

  return {
    model,
    app,
    update: (change) => {
      model.setState({ ...change(model.getState()), wallOffsetMs: wallOffsetMs() });
    },
    stop: () => {
      unsubscribe();
      clearTimeout(recheck);
    },
  };
}

/** Shows a notice, in place of an earlier one with its id. */
export function putNotice({ update }: Pick<StateStore, 'update'>, notice: Notice): void {
  update(({ notices }) => ({ notices: [...notices.filter(({ id }) => id !== notice.id), notice] }));
}

/** Somebody came or went, or the machine goes to sleep. */
export function notePresence({ update }: Pick<StateStore, 'update'>, change: Partial<Presence>): void {
  update(({ presence }) => ({ presence: { ...presence, ...change } }));
}

/** The last listing came as it should (null), or why it does not settle what is shown. `now`: epoch ms. */
export function noteListing({ model, update }: StateStore, reason: string | null, now: number): void {
  const before = model.getState().listingProblem;
  if (reason === (before?.reason ?? null)) return;
  update(() => ({ listingProblem: reason === null ? null : { reason, since: before?.since ?? now } }));
}

export function dropNotice({ update }: Pick<StateStore, 'update'>, id: string): void {
  update(({ notices }) =>
    notices.some((notice) => notice.id === id)
      ? { notices: notices.filter((notice) => notice.id !== id) }
      : {},
  );
}

/** How many ended communications stay in the state, for the quiet line. The database has all of them. */
const endedKept = 8;

export function byKey(communications: readonly Communication[]): Record<string, Communication> {
  return Object.fromEntries(communications.map((communication) => [communication.key, communication]));
}

/** Open ones stay, and those with a draft or a submission; of the others only the latest few. */
function prune(model: KnownState, communications: readonly Communication[]): Record<string, Communication> {
  const busy = new Set([...Object.keys(model.drafts), ...model.submissions.map(({ key }) => key)]);
  const done = communications
    .filter((communication) => isSettled(communication) && !busy.has(communication.key))
    .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt));
  const dropped = new Set(done.slice(endedKept).map(({ key }) => key));
  return byKey(communications.filter(({ key }) => !dropped.has(key)));
}

/** Shows what facts came to; `gone` are keys to be shown no more. */
export function showCommunications(
  { update }: Pick<StateStore, 'update'>,
  changed: readonly Communication[],
  gone: ReadonlySet<string> = new Set(),
): void {
  if (changed.length === 0 && gone.size === 0) return;
  update((model) => {
    const left = Object.values(model.communications).filter(({ key }) => !gone.has(key));
    const communications = prune(model, Object.values(byKey([...left, ...changed])));
    return { communications, ...onlyAbout(communications, model) };
  });
}

/** What is known about communications that have left the state: a day has hundreds, each with all codes of its queue. */
function onlyAbout(
  communications: KnownState['communications'],
  { codes, missedSeen, postponed }: KnownState,
): Partial<KnownState> {
  const isThere = (key: string): boolean => key in communications;
  const left = <Value>(known: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(known).filter(([key]) => isThere(key)));
  return {
    ...(Object.keys(codes).every(isThere) ? {} : { codes: left(codes) }),
    ...(Object.keys(missedSeen).every(isThere) ? {} : { missedSeen: left(missedSeen) }),
    ...(postponed.every(isThere) ? {} : { postponed: postponed.filter(isThere) }),
  };
}

/** Leads a window to a section of the settings, a record, or what the agent writes into; null: nowhere any more. */
export function leadTo(
  store: Pick<StateStore, 'update'>,
  to: { readonly section: SettingsSection } | { readonly record: string } | { readonly field: true } | null,
): void {
  store.update(({ destination }) => ({
    destination: { ...nowhere, ...to, count: destination.count + 1 },
  }));
}
