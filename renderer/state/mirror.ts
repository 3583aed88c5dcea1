import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../domain/ipc/contract.ts';
import type { AppState, Patch } from '../../domain/state.ts';
import { saysTheSame } from '../../domain/toolbox/equal.ts';
import { pageClock, type PageClock } from './clock.ts';
import { attempt } from './command.ts';

/** What this window knows of main's state. */
export interface Mirrored {
  /** Null until the first snapshot. */
  readonly state: AppState | null;
  /** Main did not answer: what is shown is the last known state, and must say so. */
  readonly lost: boolean;
}

export interface Mirror {
  readonly store: Pick<StoreApi<Mirrored>, 'getState' | 'subscribe'>;
  /** Settles with the first snapshot. Never rejects: a failure shows as `lost` and is tried again. */
  readonly ready: Promise<void>;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5000;

/**
 * A read-only copy of main's state: one snapshot, then numbered patches. It lives exactly as long as the
 * page: a reload starts from a fresh snapshot, and nothing has to be stopped. Whatever main sends also sets
 * the page's clock.
 */
export function mirror(
  bridge: Pick<Bridge, 'getSnapshot' | 'onPatch'>,
  clock: Pick<PageClock, 'anchor' | 'whenInDoubt'> = pageClock,
): Mirror {
  const store = createStore<Mirrored>(() => ({ state: null, lost: false }));
  let rev = -1;
  let seen = -1;
  let loading: Promise<void> | null = null;
  /** Patches that overtook the snapshot they follow. */
  const early: Patch[] = [];

  async function load(): Promise<void> {
    let delay = FIRST_RETRY_MS;
    do {
      const reply = await attempt(() => bridge.getSnapshot());
      if (!reply.ok) {
        store.setState({ lost: true });
        await pause(delay);
        delay = Math.min(delay * 2, LONGEST_RETRY_MS);
      } else {
        clock.anchor(reply.value.at);
        if (reply.value.rev < rev) continue;
        rev = reply.value.rev;
        store.setState({ state: reply.value.state, lost: false });
        for (const change of early.splice(0).sort((one, other) => one.rev - other.rev)) apply(change);
      }
      // A patch may be missing. Without asking again the window would stay wrong until the next change: "still
      // sharing" after the share ended.
    } while (store.getState().lost || seen > rev);
  }

  function reload(): Promise<void> {
    loading ??= load().finally(() => {
      loading = null;
    });
    return loading;
  }

  /** False when it does not follow what is known. */
  function apply(change: Patch): boolean {
    const { state } = store.getState();
    if (change.rev !== rev + 1 || state === null) return false;
    rev = change.rev;
    store.setState({ state: { ...state, ...withKnownCodes(change.patch, state) } });
    return true;
  }

  bridge.onPatch((change) => {
    clock.anchor(change.at);
    seen = Math.max(seen, change.rev);
    if (change.rev <= rev || apply(change)) return;
    early.push(change);
    void reload();
  });

  clock.whenInDoubt(() => void reload());
  return { store, ready: reload() };
}

/** A prompt comes again with every word; its codes stay the objects they are, and nothing is drawn again for them. */
function withKnownCodes(patch: Partial<AppState>, { prompt }: AppState): Partial<AppState> {
  const next = patch.prompt;
  if (!next || !prompt || !saysTheSame(next.codes, prompt.codes)) return patch;
  return { ...patch, prompt: { ...next, codes: prompt.codes } };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
