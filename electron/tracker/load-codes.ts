import { codesScope } from '../../domain/wrapup-codes.ts';
import type { Target } from '../../domain/feed.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { afterCallWorkOf, legStateOf } from '../../domain/communication/phase.ts';
import type { WrapupCode } from '../../domain/model/screenshare.ts';
import type { KnownCodes, Model } from '../../domain/present/model.ts';
import { say } from '../../domain/words/say.ts';
import { createBackoff } from '../../domain/toolbox/backoff.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import type { History } from './history.ts';
import type { StateStore } from './state.ts';

interface CodesParts {
  readonly store: StateStore;
  readonly history: History;
  readonly fetchCodes: (target: Target) => Promise<readonly WrapupCode[]>;
  readonly clock: Clock;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
}

function wantsCodes(communication: Communication): boolean {
  return legStateOf(communication) === 'connected' || afterCallWorkOf(communication) === 'due';
}

/**
 * Loads the wrap-up codes of every communication that may need one: early, while it is still connected,
 * so that the prompt is complete when it appears; from the last reading when the server is out of reach.
 */
export function startLoadingCodes(parts: CodesParts): () => void {
  const { store, history, fetchCodes, clock, random } = parts;
  let stopped = false;
  const loading = new Set<string>();
  const backoff = createBackoff({ clock, random, retry: loadNeeded });

  function keep(key: string, known: KnownCodes): void {
    store.update((model) => ({ codes: { ...model.codes, [key]: known } }));
  }

  async function fromCache(communication: Communication, problem: string): Promise<void> {
    const cached = await history.recall((database) => database.cachedCodes(codesScope(communication)));
    if (cached) keep(communication.key, { from: 'cache', codes: cached.codes, problem: '' });
    else keep(communication.key, { from: 'none', codes: [], problem });
  }

  async function load(communication: Communication): Promise<void> {
    try {
      const codes = await fetchCodes(communication);
      backoff.succeeded(communication.key);
      keep(communication.key, { from: 'server', codes, problem: '' });
      const fetchedAt = new Date(clock.now()).toISOString();
      await history.attempt((database) =>
        database.cacheCodes(codesScope(communication), { codes, fetchedAt }),
      );
    } catch (error) {
      const reason = reasonOf(error);
      if (!stopped) backoff.failed(communication.key);
      await fromCache(communication, say('prompt.codesProblem', { reason }));
    } finally {
      loading.delete(communication.key);
    }
  }

  function needed(model: Model): Communication[] {
    return Object.values(model.communications).filter((communication) => {
      const known = model.codes[communication.key]?.from;
      // What came from the cache is asked for again once the server answers.
      const has = known === 'server' || (known !== undefined && model.link.kind !== 'live');
      const isLeftAlone = loading.has(communication.key) || backoff.isPaused(communication.key);
      return wantsCodes(communication) && !has && !isLeftAlone;
    });
  }

  function loadNeeded(): void {
    for (const communication of needed(store.model.getState())) {
      loading.add(communication.key);
      if (store.model.getState().link.kind === 'live') void load(communication);
      else
        void fromCache(communication, say('prompt.noCodes')).finally(() => loading.delete(communication.key));
    }
  }

  void history
    .recall((database) => database.codeUses())
    .then((uses) => {
      if (uses) store.update(() => ({ uses }));
    });
  const unsubscribe = store.model.subscribe((now, was) => {
    // A new link is a new beginning: what failed over the old one is tried at once.
    if (now.link !== was.link) backoff.clear();
    if (now.communications !== was.communications || now.link !== was.link) loadNeeded();
  });
  loadNeeded();
  return () => {
    stopped = true;
    unsubscribe();
    backoff.clear();
  };
}
