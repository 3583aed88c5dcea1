import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge, Reply } from '../../domain/ipc/contract.ts';
import type { Prompt } from '../../domain/state.ts';
import { attempt } from './command.ts';

/** Trailing pause after a keystroke, and the longest a keystroke waits while typing goes on. */
const QUIET_MS = 120;
const LONGEST_WAIT_MS = 240;
/** A refused save (the database is paused, say) is tried again without the agent having to type. */
const RETRY_MS = 2000;

type Words = Pick<Prompt['draft'], 'code' | 'name' | 'notes'> & {
  /** What was typed to find the code; main keeps it beside it. */
  readonly letters?: string;
};

export interface DraftView extends Words {
  /**
   * `saved`: on disk, main said so. `held`: main has it, but recording is paused. `kept`: an untouched draft
   * as main has it.
   */
  readonly saving: 'kept' | 'writing' | 'saved' | 'held' | 'refused';
  /** Why it is not on disk. */
  readonly problem: string;
}

export interface Draft {
  readonly store: Pick<StoreApi<DraftView>, 'getState' | 'subscribe'>;
  readonly change: (part: Partial<Words>) => void;
  /** Settles when everything written so far is saved, or refused. */
  readonly flush: () => Promise<Reply<null>>;
  /** Takes over a draft of main's, unless the agent's own words here are newer or not saved yet. */
  readonly adopt: (draft: Prompt['draft']) => void;
}

export interface Drafts {
  /** The draft of this prompt; words that could not be saved before are still in it. */
  readonly open: (prompt: Pick<Prompt, 'key' | 'draft'>) => Draft;
  /** Saves, and lets go of the draft when it is safe in main. */
  readonly leave: (key: string) => Promise<void>;
  /** Every save is on its way before this returns; settles when each of them is answered. */
  readonly flushAll: () => Promise<void>;
}

export function createDrafts(save: Bridge['saveDraft']): Drafts {
  const open = new Map<string, ReturnType<typeof createDraft>>();
  return {
    open: ({ key, draft }) => {
      const known = open.get(key);
      if (known) {
        known.adopt(draft);
        known.resume();
        return known;
      }
      const made = createDraft(key, draft, save);
      open.set(key, made);
      return made;
    },
    leave: async (key) => {
      const draft = open.get(key);
      if (!draft) return;
      draft.rest();
      const reply = await draft.flush();
      if (reply.ok && draft.isResting()) open.delete(key);
    },
    flushAll: async () => {
      await Promise.all([...open.values()].map((draft) => draft.flush()));
    },
  };
}

function createDraft(key: string, start: Prompt['draft'], save: Bridge['saveDraft']) {
  const store = createStore<DraftView>(() => ({ ...wordsOf(start), ...asMainHasIt(start) }));
  let revision = start.revision;
  let savedRevision = start.revision;
  let waitingSince: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<Reply<null>> | null = null;
  let resting = false;

  function change(part: Partial<Words>): void {
    revision += 1;
    store.setState({ ...part, saving: 'writing' });
    waitingSince ??= Date.now();
    schedule(Math.max(0, Math.min(QUIET_MS, waitingSince + LONGEST_WAIT_MS - Date.now())));
  }

  function schedule(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  }

  function flush(): Promise<Reply<null>> {
    clearTimeout(timer);
    saving ??= saveAll().finally(() => {
      saving = null;
    });
    return saving;
  }

  /** One save at a time, so that they arrive in order; words written meanwhile go with the next. */
  async function saveAll(): Promise<Reply<null>> {
    while (savedRevision < revision) {
      waitingSince = null;
      const sent = revision;
      const words = wordsOf(store.getState());
      const reply = await attempt(() => save({ key, ...words, revision: sent }));
      if (!reply.ok) {
        store.setState({ saving: 'refused', problem: reply.reason });
        if (!resting) schedule(RETRY_MS);
        return reply;
      }
      savedRevision = sent;
      if (revision !== sent) continue;
      // Main has the words; whether they would outlive it is another matter, and is said.
      const { durable, reason } = reply.value;
      store.setState({ saving: durable ? 'saved' : 'held', problem: reason });
    }
    return { ok: true, value: null };
  }

  function adopt(draft: Prompt['draft']): void {
    if (savedRevision < revision || draft.revision <= revision) return;
    revision = draft.revision;
    savedRevision = draft.revision;
    store.setState({ ...wordsOf(draft), ...asMainHasIt(draft) });
  }

  return {
    store,
    change,
    flush,
    adopt,
    resume: () => {
      resting = false;
      if (savedRevision < revision) void flush();
    },
    rest: () => {
      resting = true;
      clearTimeout(timer);
    },
    isResting: () => resting,
  };
}

function wordsOf({ code, name, notes, letters }: Words): Words {
  return { code, name, notes, ...(letters ? { letters } : {}) };
}

/** Revision 0 is a draft nobody has written in; any other is one main keeps. */
function asMainHasIt({ revision }: Prompt['draft']): Pick<DraftView, 'saving' | 'problem'> {
  return { saving: revision > 0 ? 'saved' : 'kept', problem: '' };
}
