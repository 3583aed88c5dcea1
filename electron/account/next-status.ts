import type { StatusChoice } from '../../domain/model/screenshare.ts';
import type { Feed } from '../../domain/feed.ts';
import { afterCallWorkOf, legStateOf } from '../../domain/communication/phase.ts';
import { submissionFor, type KnownState } from '../../domain/present/known-state.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { dropNotice, putNotice, type StateStore } from '../tracker/state.ts';

interface NextStatusParts {
  readonly store: StateStore;
  readonly feed: () => Pick<Feed, 'statusChoices' | 'setStatus'> | null;
  readonly clock: Clock;
  /** Keeps a choice with a submission, or no more; see `Outbox.noteNextStatus`. */
  readonly note: (id: string, choice: StatusChoice | null) => Promise<void>;
}

/** How long it is said that the status was set, ms. A failure stays until it is dismissed. */
const saidForMs = 10_000;
/** A choice made longer ago says nothing of what the agent wants now, ms. */
const chosenWithinMs = 3_600_000;
const noticeId = 'nextStatus';

/** Somebody will wrap up, or does so. */
function isWanted({ communications, link }: KnownState): boolean {
  const isNear = Object.values(communications).some(
    (one) => legStateOf(one) === 'connected' || afterCallWorkOf(one) === 'due',
  );
  return link.kind === 'live' && isNear;
}

/**
 * Offers the statuses of the organisation in the prompt, and sets the one the agent chose when that work ends: once. It
 * is kept with what was written or decided about that work, so it outlives this run. A role that may not is asked once, and offered
 * nothing.
 */
export function startNextStatus({ store, feed, clock, note }: NextStatusParts): () => void {
  let isAsked = false;
  /** The connection over which it could not be asked. */
  let failedOver: KnownState['link'] | null = null;
  let isStopped = false;
  let cancel = (): void => undefined;
  /** Submissions and drafts that were looked at: what is with those of an earlier run counts once. */
  const seen = new Set<string>();
  let noted: Promise<unknown> = Promise.resolve();

  async function load(): Promise<void> {
    isAsked = true;
    const { link } = store.model.getState();
    try {
      const choices = (await feed()?.statusChoices()) ?? [];
      if (!isStopped) store.update(() => ({ statusChoices: choices }));
    } catch {
      // Asked again over the next connection: nobody waits for it.
      failedOver = link;
      isAsked = false;
    }
  }

  async function set({ id, name }: NonNullable<KnownState['nextStatus']>): Promise<void> {
    store.update(() => ({ nextStatus: null }));
    cancel();
    // Nowhere any more before it is set: whatever happens then, it is not set again.
    await noted;
    const result = await (feed()?.setStatus(id) ?? Promise.reject(new Error(say('link.offline')))).catch(
      (error: unknown) => ({ kind: 'unreachable', reason: reasonOf(error) }) as const,
    );
    if (isStopped) return;
    if (result.kind === 'accepted') {
      putNotice(store, { id: noticeId, tone: 'info', text: say('nextStatus.set', { name }) });
      cancel = clock.after(saidForMs, () => {
        dropNotice(store, noticeId);
      });
      return;
    }
    const text = say('nextStatus.failed', { name, reason: result.reason });
    putNotice(store, { id: noticeId, tone: 'warning', text });
    // What was refused once is offered no more.
    if (result.kind === 'refused' && result.status === 403) store.update(() => ({ statusChoices: [] }));
  }

  /** What an earlier run was to do. */
  function takeOver(): void {
    const { submissions, drafts } = store.model.getState();
    const carriers = [
      ...submissions
        .filter(({ state }) => state !== 'dropped')
        .map(({ id, createdAt, ...submission }) => ({ ...submission, id, at: createdAt })),
      ...Object.values(drafts).map((draft) => ({ ...draft, id: `draft/${draft.key}`, at: draft.updatedAt })),
    ];
    for (const { id, key, nextStatus, at } of carriers) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (nextStatus === undefined || store.model.getState().nextStatus !== null) continue;
      if (clock.now() - Date.parse(at) <= chosenWithinMs) {
        store.update(() => ({ nextStatus: { ...nextStatus, key } }));
        continue;
      }
      const text = say('nextStatus.failed', { name: nextStatus.name, reason: say('nextStatus.tooOld') });
      putNotice(store, { id: noticeId, tone: 'info', text });
    }
  }

  /** The choice is with the latest submission about its work, and with no other. */
  function keep(): void {
    const model = store.model.getState();
    const { nextStatus } = model;
    const carrier = nextStatus && submissionFor(model, nextStatus.key)?.id;
    for (const { id, state, nextStatus: kept } of model.submissions) {
      const wanted = id === carrier ? nextStatus : null;
      if (state === 'dropped' || kept?.id === wanted?.id) continue;
      const noting = note(id, wanted && { id: wanted.id, name: wanted.name });
      noted = Promise.all([noted, noting]).catch(() => undefined);
    }
  }

  function follow(): void {
    takeOver();
    keep();
    const model = store.model.getState();
    if (!isAsked && isWanted(model) && model.link !== failedOver) void load();
    const { nextStatus, communications } = model;
    const communication = nextStatus && communications[nextStatus.key];
    if (!communication) return;
    const isOver = legStateOf(communication) === 'over' && afterCallWorkOf(communication) !== 'due';
    if (isOver) void set(nextStatus);
  }

  const unsubscribe = store.model.subscribe(follow);
  follow();
  return () => {
    isStopped = true;
    unsubscribe();
    cancel();
  };
}
