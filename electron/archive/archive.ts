import type { StoreApi } from 'zustand/vanilla';
import type { ArchiveMask } from '../../domain/archive/archive-settings.ts';
import type { ArchiveCounts, ArchiveIdentity, ArchiveQueue } from '../../domain/archive/queue.ts';
import { legStateOf } from '../../domain/communication/phase.ts';
import type { KnownArchive, KnownState } from '../../domain/present/known-state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { loggedReasonOf } from '../../domain/toolbox/result.ts';
import { createArchiveClient, type Access, type ArchiveClient } from './archive-client.ts';
import { createArchivedReview, type ArchivedReview } from './archived-review.ts';
import { createUpload, type RoundEnd, type Wait } from './upload.ts';

export interface ArchiveParts {
  /** See `archiveOrigin`. */
  readonly url: string;
  readonly access: Access;
  readonly fetch: typeof fetch;
  /** Of the database in use; null while it is not open. */
  readonly queue: () => ArchiveQueue | null;
  readonly model: Pick<StoreApi<KnownState>, 'getState' | 'subscribe'>;
  readonly update: (change: (model: KnownState) => Partial<KnownState>) => void;
  readonly mask: () => ArchiveMask;
  /** Epoch ms of the server's clock; null where nobody knows it. */
  readonly serverNow: () => number | null;
  /** The line costs by how much goes over it, as far as the system says. */
  readonly isMetered: () => Promise<boolean>;
  readonly newDevice: () => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (line: string) => void;
}

/** The connection of one account to its organisation's archive: sends finished records while it lasts. */
export interface ArchiveRoom {
  readonly client: ArchiveClient;
  /** Called each time somebody looks into the archive. */
  readonly look: () => ArchivedReview;
  /** Who it said asks, and its key; null before it was asked. */
  readonly identity: () => ArchiveIdentity | null;
  /** See `ArchiveQueue.offerRefused`. False while the database is not open. */
  readonly offerRefused: () => Promise<boolean>;
  /** Gives up what is under way; what was not answered goes again next time. */
  readonly stop: () => Promise<void>;
}

/** After a change the rest of it is waited for, ms. */
const settleMs = 2_000;
/** How often a metered line is looked at again while something waits, ms. */
const meteredMs = 5 * 60_000;

const nothingKnown: Omit<KnownArchive, 'host'> = {
  counts: null,
  wait: null,
  problem: '',
  missing: 0,
  clockOffsetMs: 0,
  supervisor: false,
};

export function startArchive(parts: ArchiveParts): ArchiveRoom {
  const { url, model, clock, log } = parts;
  const { host } = new URL(url);
  const stopping = new AbortController();
  /** The database that was told to note records for this archive. */
  let noting: ArchiveQueue | null = null;
  let identity: ArchiveIdentity | null = null;
  let running: Promise<void> | null = null;
  let isWanted = false;
  /** Ends the pause there is before the next round. */
  let cancelPause: (() => void) | null = null;
  /** The archive is not to be asked before the pause is over. */
  let mayNotHurry = false;
  /** What the system last said about the line. */
  let metered: { readonly is: boolean; readonly at: number } | null = null;

  function show(change: Partial<KnownArchive>): void {
    // An export may still be reading.
    if (stopping.signal.aborted) return;
    parts.update(({ archive }) => ({ archive: { ...(archive ?? { ...nothingKnown, host }), ...change } }));
  }
  const showCounts = (counts: ArchiveCounts): void => {
    show({ counts });
  };

  const client = createArchiveClient({
    url,
    access: parts.access,
    fetch: parts.fetch,
    clock,
    dated: (clockOffsetMs) => {
      const known = model.getState().archive?.clockOffsetMs ?? 0;
      // Told in whole minutes at most: less says nothing.
      if (Math.abs(clockOffsetMs - known) > 60_000) show({ clockOffsetMs });
    },
  });

  function isOnTheLine({ communications }: KnownState): boolean {
    return Object.values(communications).some((communication) => legStateOf(communication) !== 'over');
  }

  async function wait(): Promise<Wait | null> {
    if (isOnTheLine(model.getState())) return 'sharing';
    if (metered === null || clock.now() - metered.at >= meteredMs)
      metered = { is: await parts.isMetered(), at: clock.now() };
    return metered.is ? 'metered' : null;
  }

  const upload = createUpload({
    client,
    queue: () => noting,
    making: () => ({ mask: parts.mask(), now: parts.serverNow() }),
    wait,
    newDevice: parts.newDevice,
    counted: showCounts,
    identified: ({ supervisor, agent, maskKey }) => {
      identity = { agentId: agent.id, maskKey };
      if (model.getState().archive?.supervisor !== supervisor) show({ supervisor });
    },
    missing: (missing) => {
      show({ missing });
    },
    clock,
    random: parts.random,
    signal: stopping.signal,
  });

  async function noteFrom(queue: ArchiveQueue | null): Promise<void> {
    if (queue === noting) return;
    noting = null;
    if (queue === null) return;
    showCounts(await queue.turnOn(url, parts.newDevice()));
    noting = queue;
  }

  async function round(): Promise<void> {
    let end: RoundEnd;
    try {
      await noteFrom(parts.queue());
      end = await upload.round();
    } catch (error) {
      if (stopping.signal.aborted) return;
      // The database says itself what is wrong with it; its next change is the next try.
      log(`archive: ${loggedReasonOf(error)}`);
      end = { kind: 'waits', wait: 'database' };
    }
    await showEnd(end);
  }

  async function showEnd(end: RoundEnd): Promise<void> {
    mayNotHurry = false;
    switch (end.kind) {
      case 'done':
        show({ wait: null, problem: '' });
        break;
      case 'waits': {
        show({ wait: end.wait, problem: '' });
        if (end.wait === 'metered') pause(meteredMs);
        break;
      }
      case 'failed': {
        const { kind, message, retryAfterMs } = end.problem;
        log(`archive: ${kind}; tried again in ${String(Math.round(end.retryMs / 1000))} s`);
        // To be asked for a pause is no problem.
        show({ wait: null, problem: kind === 'too-many' ? '' : message });
        mayNotHurry = retryAfterMs !== null;
        pause(end.retryMs);
        break;
      }
    }
    const counts = await noting?.counts().catch(() => null);
    if (counts && !stopping.signal.aborted) showCounts(counts);
  }

  function pause(ms: number): void {
    cancelPause?.();
    cancelPause = clock.after(ms, () => {
      cancelPause = null;
      begin();
    });
  }

  function begin(): void {
    if (stopping.signal.aborted) return;
    cancelPause?.();
    cancelPause = null;
    if (running) {
      isWanted = true;
      return;
    }
    running = round().finally(() => {
      running = null;
      if (!isWanted) return;
      isWanted = false;
      if (cancelPause === null) begin();
    });
  }

  /** Something changed: once that has settled, and not while the archive wants to be left alone. */
  function beginSoon(): void {
    if (cancelPause === null) pause(settleMs);
  }

  const unsubscribe = model.subscribe((now, was) => {
    const isBack = now.link.kind === 'live' && was.link.kind !== 'live';
    if (isBack && !mayNotHurry) begin();
    else if (
      now.review.revision !== was.review.revision ||
      now.database.health !== was.database.health ||
      (now.communications !== was.communications && isOnTheLine(was) && !isOnTheLine(now))
    )
      beginSoon();
  });
  show({});
  begin();

  return {
    client,
    look: () => createArchivedReview(client, url),
    identity: () => identity,
    offerRefused: async () => {
      if (noting === null) return false;
      showCounts(await noting.offerRefused());
      if (!mayNotHurry) begin();
      return true;
    },
    stop: async () => {
      stopping.abort();
      unsubscribe();
      cancelPause?.();
      await running;
      parts.update(() => ({ archive: null }));
    },
  };
}
