import { createStore, type StoreApi } from 'zustand/vanilla';
import { noAccount } from '../../domain/account.ts';
import type { AppState, Appearance, Notice, SettingsState } from '../../domain/state.ts';
import type { Model } from '../../domain/present/model.ts';
import { present } from '../../domain/present/present.ts';

/**
 * The one state. `model` is what is known; `app` is its reading in words, and the only thing windows,
 * tray and notifications see. A reading is made in the same turn as the change it belongs to.
 */
export interface StateStore {
  readonly model: StoreApi<Model>;
  readonly app: StoreApi<AppState>;
  /** Changes the model; the reading follows at once. */
  readonly update: (change: (model: Model) => Partial<Model>) => void;
  readonly stop: () => void;
}

/** Everything known of one account: gone when another one's turn comes. */
type Facts = Omit<
  Model,
  'source' | 'account' | 'wallOffsetMs' | 'startedAt' | 'review' | 'notices' | 'appearance' | 'settings'
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
    drafts: {},
    submissions: [],
    codes: {},
    uses: [],
    postponed: [],
    opened: null,
    openedOnAir: null,
    missedSeen: {},
    database: { health: 'opening', detail: '', quarantined: 0 },
    question: null,
  };
}

export function emptyModel(source: Model['source'], appearance: Appearance, settings: SettingsState): Model {
  return {
    source,
    account: noAccount,
    ...noFacts(),
    wallOffsetMs: 0,
    startedAt: 0,
    review: { revision: 0, file: null, work: null },
    notices: [],
    appearance,
    settings,
  };
}

/** Slices that say the same keep their identity, so that a window is only told what changed. */
function keepEqualSlices(before: AppState, after: AppState): Partial<AppState> {
  const changed = Object.entries(after).filter(
    ([name, slice]) => JSON.stringify(slice) !== JSON.stringify(before[name as keyof AppState]),
  );
  return Object.fromEntries(changed);
}

/** `wallOffsetMs`: what the desktop's clock shows minus `clock`, ms. */
export function createStateStore(
  initial: Model,
  clock: () => number,
  wallOffsetMs: () => number = () => 0,
): StateStore {
  const model = createStore<Model>(() => initial);
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

export function dropNotice({ update }: Pick<StateStore, 'update'>, id: string): void {
  update(({ notices }) =>
    notices.some((notice) => notice.id === id)
      ? { notices: notices.filter((notice) => notice.id !== id) }
      : {},
  );
}
