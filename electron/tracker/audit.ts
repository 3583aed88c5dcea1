import type { StateStore } from './state.ts';

export interface AuditParts {
  readonly store: StateStore;
  /** Reads everything the server lists; what it says arrives as facts. */
  readonly relist: () => Promise<boolean>;
  /** Calls after `ms`, unless what it returns is called first. */
  readonly after: (ms: number, call: () => void) => () => void;
}

/** Two heartbeats: as long as a dead link may go unnoticed, so may an event that never came. */
const auditMs = 60_000;

/**
 * A socket that loses an event says nothing of it, and nothing is sent twice. While the link is live, all of it
 * is read again now and then, so that what is shown cannot stay wrong.
 */
export function startAudit({ store, relist, after }: AuditParts): () => void {
  let cancel: (() => void) | null = null;

  function plan(): void {
    cancel = after(auditMs, () => {
      cancel = null;
      // A failure is the link's business.
      void relist().then(follow, follow);
    });
  }

  function follow(): void {
    const isLive = store.model.getState().link.kind === 'live';
    if (isLive && !cancel) plan();
    if (isLive || !cancel) return;
    cancel();
    cancel = null;
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    if (now.link !== was.link) follow();
  });
  follow();
  return () => {
    unsubscribe();
    cancel?.();
    cancel = () => undefined;
  };
}
