import { usesIn } from '../../domain/codes/ranking.ts';
import { codesScope } from '../../domain/codes/scope.ts';
import type { Target } from '../../domain/feed.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { isTooOldToFile } from '../../domain/communication/moments.ts';
import { afterCallWorkOf, legStateOf, serverWrapup } from '../../domain/communication/phase.ts';
import { codeKey, isCodeId } from '../../domain/model/code-names.ts';
import type { WrapupCode } from '../../domain/model/screenshare.ts';
import { systemCodeOf } from '../../domain/model/values.ts';
import { namedIn, toServer, type KnownCodes, type KnownState } from '../../domain/present/known-state.ts';
import { say } from '../../domain/words/say.ts';
import { createBackoff } from '../../domain/toolbox/backoff.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import type { Recording } from './recording.ts';
import type { StateStore } from './state.ts';

interface CodesParts {
  readonly store: StateStore;
  readonly recording: Recording;
  readonly fetchCodes: (target: Target) => Promise<readonly WrapupCode[]>;
  readonly clock: Clock;
  /** 0 ≤ n < 1. */
  readonly random: () => number;
}

/** `now`: epoch ms. */
function wantsCodes(model: KnownState, communication: Communication, now: number): boolean {
  return (
    legStateOf(communication) === 'connected' ||
    (afterCallWorkOf(communication) === 'due' && !isTooOldToFile(communication, toServer(model, now))) ||
    lacksName(model, communication)
  );
}

/** The server said only the id of the code it has, and no list with its name was loaded. */
function lacksName(model: KnownState, communication: Communication): boolean {
  const { code = null, name = null } = serverWrapup(communication) ?? {};
  if (code === null || systemCodeOf(code) !== null || !isCodeId(code)) return false;
  return namedIn(model, { code, name }).name === null && model.codes[communication.key]?.from !== 'server';
}

function withNames(names: KnownState['codeNames'], codes: readonly WrapupCode[]): KnownState['codeNames'] {
  const news = codes.filter(({ id, name }) => names[codeKey(id)] !== name);
  if (news.length === 0) return names;
  return { ...names, ...Object.fromEntries(news.map(({ id, name }) => [codeKey(id), name])) };
}

/**
 * Loads the wrap-up codes of every communication that may need one: early, while it is still connected,
 * so that the prompt is complete when it appears; from the last reading when the server is out of reach.
 */
export function startLoadingCodes(parts: CodesParts): () => void {
  const { store, recording, fetchCodes, clock, random } = parts;
  let stopped = false;
  const loading = new Set<string>();
  /** Looked for in the local database since the link or the database changed. */
  const looked = new Set<string>();
  const backoff = createBackoff({ clock, random, retry: loadNeeded });

  function keep(key: string, known: KnownCodes): void {
    store.update((model) => ({
      codes: { ...model.codes, [key]: known },
      codeNames: withNames(model.codeNames, known.codes),
    }));
  }

  async function fromCache(communication: Communication, problem: string): Promise<void> {
    const cached = await recording.recall((database) => database.cachedCodes(codesScope(communication)));
    if (cached) keep(communication.key, { from: 'cache', codes: cached.codes, problem: '' });
    else keep(communication.key, { from: 'none', codes: [], problem });
  }

  async function load(communication: Communication): Promise<void> {
    const { link } = store.model.getState();
    try {
      const codes = await fetchCodes(communication);
      // An empty list may be one that is not filled yet.
      if (codes.length > 0) backoff.succeeded(communication.key);
      else if (!stopped) backoff.failed(communication.key);
      keep(communication.key, { from: 'server', codes, problem: '' });
      if (codes.length === 0) return;
      const fetchedAt = new Date(clock.now()).toISOString();
      await recording.attempt((database) =>
        database.cacheCodes(codesScope(communication), { codes, fetchedAt }),
      );
    } catch (error) {
      const reason = reasonOf(error);
      // What failed over an earlier link says nothing of this one.
      if (!stopped && store.model.getState().link === link) backoff.failed(communication.key);
      await fromCache(communication, say('prompt.codesProblem', { reason }));
    }
  }

  /** What came in between (the link, the database, another queue) may ask for more than was loaded. */
  function begin(communication: Communication): void {
    const { key } = communication;
    loading.add(key);
    const isLive = store.model.getState().link.kind === 'live';
    if (!isLive) looked.add(key);
    const loaded = isLive ? load(communication) : fromCache(communication, say('prompt.noCodes'));
    void loaded.finally(() => {
      loading.delete(key);
      if (!stopped) loadNeeded();
    });
  }

  function needed(model: KnownState): Communication[] {
    return Object.values(model.communications).filter((communication) => {
      const known = model.codes[communication.key];
      const isComplete = known?.from === 'server' && known.codes.length > 0;
      // What came from the cache is asked for again once the server answers.
      const has = isComplete || (model.link.kind !== 'live' && looked.has(communication.key));
      const isLeftAlone = loading.has(communication.key) || backoff.isPaused(communication.key);
      return wantsCodes(model, communication, clock.now()) && !has && !isLeftAlone;
    });
  }

  function loadNeeded(): void {
    for (const communication of needed(store.model.getState())) begin(communication);
  }

  async function recallNamesAndUses(): Promise<void> {
    const used = await recording.recall(usesIn);
    if (used) store.update(() => used);
    const stored = await recording.recall((database) => database.codeNames());
    // What was loaded meanwhile is newer.
    if (stored) store.update(({ codeNames }) => ({ codeNames: { ...stored, ...codeNames } }));
  }
  void recallNamesAndUses();
  const unsubscribe = store.model.subscribe((now, was) => {
    const isOther = now.link !== was.link || now.database.health !== was.database.health;
    // A new link is a new beginning: what failed over the old one is tried at once.
    if (now.link !== was.link) backoff.clear();
    if (isOther) looked.clear();
    if (now.database.health === 'ok' && was.database.health !== 'ok') void recallNamesAndUses();
    if (isOther || now.communications !== was.communications) loadNeeded();
  });
  loadNeeded();
  return () => {
    stopped = true;
    unsubscribe();
    backoff.clear();
  };
}
