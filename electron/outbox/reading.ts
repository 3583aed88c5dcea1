import type { Submission } from '../../domain/submissions.ts';
import type { Model } from '../../domain/present/model.ts';

export interface ReadingParts {
  readonly getModel: () => Model;
  /** Reads a conversation again; true when the answer is folded. */
  readonly reread: (conversationId: string) => Promise<boolean>;
  /** The conversation of these was read after their last try: what it says about them counts. */
  readonly wasRead: (ids: ReadonlySet<string>) => void;
  /** No reading is to be had for it: what was heard has to do. */
  readonly unreadable: (id: string) => void;
  /** Decided before this program started: the end may have come between the sending and the answer. */
  readonly isFromBefore: (id: string) => boolean;
  /** What was heard may be its doing or somebody else's. */
  readonly isUnclear: (submission: Submission) => boolean;
}

/** What the server has of submissions whose tries nobody can vouch for. */
export interface Reading {
  readonly read: (conversationId: string) => Promise<boolean>;
  /** It may have taken effect unseen: until that is known it must not be said again. */
  readonly isNeeded: (submission: Submission) => boolean;
  /** Its last try may have taken effect unseen: reads, and remembers when that did not succeed. */
  readonly clearUp: (submission: Submission) => Promise<void>;
  /** Reads for one submission. `given up`: its conversation does not let itself be read. */
  readonly look: (submission: Submission) => Promise<'read' | 'given up' | 'not now'>;
  /** A reading that somebody else asked for came in. */
  readonly cameIn: (conversationId: string) => void;
  /** Sends: what is read while that lasts says nothing about this submission. */
  readonly without: <Value>(id: string, send: () => Promise<Value>) => Promise<Value>;
}

/**
 * Failed readings in a row, while there is contact, after which a submission goes on without: a role may send
 * what it may not read, and saying the same again changes nothing.
 */
const readingsAtMost = 3;

export function createReading(parts: ReadingParts): Reading {
  const { getModel } = parts;
  /** Submissions whose last try may have taken effect unseen. */
  const doubtful = new Set<string>();
  /** Submissions from before that the server was read for. */
  const cleared = new Set<string>();
  const sending = new Set<string>();
  /** By submission: readings that failed in a row. */
  const failed = new Map<string, number>();

  const isUncleared = (id: string): boolean => parts.isFromBefore(id) && !cleared.has(id);

  function submissionsOf(conversationId: string): readonly Submission[] {
    return getModel().submissions.filter((one) => one.conversationId === conversationId);
  }

  /** How often each was tried, but for those being sent now. */
  function triesOf(conversationId: string): ReadonlyMap<string, number> {
    const still = submissionsOf(conversationId).filter(({ id }) => !sending.has(id));
    return new Map(still.map(({ id, attempts }) => [id, attempts]));
  }

  async function read(conversationId: string): Promise<boolean> {
    const before = triesOf(conversationId);
    const isRead = await parts.reread(conversationId).catch(() => false);
    if (isRead) {
      const after = triesOf(conversationId);
      parts.wasRead(new Set([...after.keys()].filter((id) => after.get(id) === before.get(id))));
    }
    return isRead;
  }

  function isClear(id: string): void {
    doubtful.delete(id);
    cleared.add(id);
    failed.delete(id);
  }

  return {
    read,
    isNeeded: (submission) =>
      doubtful.has(submission.id) || isUncleared(submission.id) || parts.isUnclear(submission),
    clearUp: async ({ id, conversationId }) => {
      if (!(await read(conversationId))) doubtful.add(id);
    },
    look: async ({ id, conversationId }) => {
      if (await read(conversationId)) {
        isClear(id);
        return 'read';
      }
      // Without contact nothing can be read; that says nothing about what may be.
      if (getModel().link.kind !== 'live') return 'not now';
      const times = (failed.get(id) ?? 0) + 1;
      failed.set(id, times);
      if (times < readingsAtMost) return 'not now';
      isClear(id);
      parts.unreadable(id);
      return 'given up';
    },
    cameIn: (conversationId) => {
      const before = submissionsOf(conversationId).filter(({ id }) => isUncleared(id));
      before.forEach(({ id }) => {
        isClear(id);
      });
      parts.wasRead(new Set(before.map(({ id }) => id)));
    },
    without: async (id, send) => {
      sending.add(id);
      try {
        return await send();
      } finally {
        sending.delete(id);
      }
    },
  };
}
