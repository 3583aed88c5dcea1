import { globalShortcut } from 'electron/main';
import { keysOf, type ShortcutId } from '../../domain/shortcuts.ts';
import type { AppState, StateSource } from '../../domain/state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { isWaylandSession } from './display-server.ts';
import { createPresses } from './key-repeat.ts';

interface ShortcutParts {
  readonly source: StateSource;
  readonly stop: (key: string) => void;
  /** `isOurs` is false when another program has the key. */
  readonly onStopKey: (stopKey: string, isOurs: boolean) => void;
  readonly clock: Clock;
}

/**
 * Whether no other program has this key right now. In a Wayland session nothing is asked: there the runtime asks the
 * desktop, which asks the person, and says yes before anybody has answered.
 */
export function isFree(accelerator: string, asksThePerson = isWaylandSession(process)): boolean {
  if (asksThePerson || globalShortcut.isRegistered(accelerator)) return true;
  const got = globalShortcut.register(accelerator, () => undefined);
  if (got) globalShortcut.unregister(accelerator);
  return got;
}

/**
 * The stop key works from any program, but only while on air: at other times others may have it, and it is only asked
 * whether it could be had. Returns its stop.
 */
export function startShortcuts({ source, stop, onStopKey, clock }: ShortcutParts): () => void {
  /** Registered, or tried in vain: it is tried once. */
  let tried: string | null = null;
  const presses = createPresses(clock, () => {
    const { key, phase } = source.getState().status;
    if (phase === 'sharing' && key !== null) stop(key);
  });
  const letGo = (): void => {
    if (tried !== null && globalShortcut.isRegistered(tried)) globalShortcut.unregister(tried);
    tried = null;
  };
  const follow = (): void => {
    const { status, settings } = source.getState();
    const { stopKey } = settings.values;
    const wanted = status.phase === 'sharing' ? stopKey : null;
    if (wanted !== tried) {
      letGo();
      tried = wanted;
      // Last, because it changes the state and comes back here.
      if (wanted !== null) onStopKey(wanted, globalShortcut.register(wanted, presses.press));
    } else if (wanted === null && stopKey !== null && settings.stopKeyReach === 'untried') {
      onStopKey(stopKey, isFree(stopKey));
    }
  };
  follow();
  const unsubscribe = source.subscribe(follow);
  return () => {
    unsubscribe();
    presses.stop();
    letGo();
  };
}

interface ChosenKeyParts {
  readonly source: StateSource;
  /** What each of them does. */
  readonly actions: Readonly<Record<ChosenKey, () => void>>;
  /** `isOurs` is false when another program has the key, or no program hears keys of another. */
  readonly onKey: (id: ChosenKey, keys: string, isOurs: boolean) => void;
  readonly clock: Clock;
  readonly hearsEveryProgram?: boolean;
}

/** Keys that work from any program once a person has chosen some. */
const chosenKeys = ['showWidget', 'answerAnywhere', 'declineAnywhere'] as const satisfies ShortcutId[];
export type ChosenKey = (typeof chosenKeys)[number];

function isAlerting({ status }: AppState): boolean {
  return status.phase === 'alerting' || status.others.some(({ phase }) => phase === 'alerting');
}

/** Others may have the keys for answering while nothing alerts. Returns its stop. */
export function startChosenKeys(parts: ChosenKeyParts): () => void {
  const { source, actions, onKey, clock, hearsEveryProgram = !isWaylandSession(process) } = parts;
  /** Registered, or tried in vain: each is tried once. */
  const tried = new Map<ChosenKey, { readonly keys: string; readonly stop: () => void }>();

  function letGo(id: ChosenKey): void {
    tried.get(id)?.stop();
    tried.delete(id);
  }
  function take(id: ChosenKey, keys: string): void {
    const presses = createPresses(clock, actions[id]);
    const isOurs = hearsEveryProgram && globalShortcut.register(keys, presses.press);
    tried.set(id, {
      keys,
      stop: () => {
        presses.stop();
        if (isOurs) globalShortcut.unregister(keys);
      },
    });
    // Last, because it changes the state and comes back here.
    onKey(id, keys, isOurs);
  }
  const follow = (): void => {
    const state = source.getState();
    for (const id of chosenKeys) {
      const [keys = null] = keysOf(id, state.settings.values);
      const wanted = id === 'showWidget' || isAlerting(state) ? keys : null;
      if (wanted === (tried.get(id)?.keys ?? null)) continue;
      letGo(id);
      if (wanted !== null) take(id, wanted);
    }
  };
  follow();
  const unsubscribe = source.subscribe(follow);
  return () => {
    unsubscribe();
    chosenKeys.forEach(letGo);
  };
}
