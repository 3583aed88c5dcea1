import { isBlank, type Submission, type Draft } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { isSettled, connectionOf } from '../../../domain/communication/phase.ts';
import type { InTurn } from '../../../domain/review/deletion.ts';
import {
  DatabaseProblem,
  type CachedCodes,
  type JournalEntry,
  type LocalDatabase,
} from '../../../domain/database.ts';

/** A database in a few maps: what the store promises, without a disk. */
export interface Notebook extends LocalDatabase {
  readonly journal: JournalEntry[];
  readonly communications: Map<string, Communication>;
  readonly drafts: Map<string, Draft>;
  readonly submissions: Map<string, Submission>;
  /** Names of the calls made, in order. */
  readonly calls: string[];
  /** Calls that fail from now on: `full` refuses writing, `gone` everything. */
  trouble: 'none' | 'full' | 'gone';
  /** Holds back the answers of a call until the returned function is called. */
  readonly hold: (name: keyof LocalDatabase) => () => void;
}

const copy = <Value>(value: Value): Value => structuredClone(value);

export function createNotebook(): Notebook {
  const held = new Map<string, Promise<void>>();
  const cached = new Map<string, CachedCodes>();
  const uses = new Map<string, { uses: number; lastUsedAt: string; favourite: boolean }>();
  let order = 0;

  async function call<Value>(name: keyof LocalDatabase, writes: boolean, work: () => Value): Promise<Value> {
    notebook.calls.push(name);
    await held.get(name);
    if (notebook.trouble === 'gone' || (notebook.trouble === 'full' && writes))
      throw new DatabaseProblem('full', 'The disk is full.');
    return copy(work());
  }

  const notebook: Notebook = {
    journal: [],
    communications: new Map(),
    drafts: new Map(),
    submissions: new Map(),
    calls: [],
    trouble: 'none',
    hold: (name) => {
      let release = (): void => undefined;
      held.set(name, new Promise((resolve) => (release = resolve)));
      return () => {
        held.delete(name);
        release();
      };
    },
    commit: (entry, changed) =>
      call('commit', true, () => {
        notebook.journal.push(copy(entry));
        for (const one of changed) notebook.communications.set(one.key, copy(one));
        return {
          records: notebook.communications.size,
          facts: notebook.journal.length,
          quarantined: notebook.journal.filter(({ refusal }) => refusal !== null).length,
        };
      }),
    recollect: () =>
      call('recollect', false, () => ({
        open: [...notebook.communications.values()].filter((one) => !isSettled(one)),
        drafts: [...notebook.drafts.values()],
        submissions: [...notebook.submissions.values()].filter(
          ({ state }) => state !== 'confirmed' && state !== 'dropped',
        ),
        last:
          [...notebook.communications.values()]
            .filter((one) => connectionOf(one) === 'over')
            .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))[0] ?? null,
        lastSubmission: null,
        summary: { records: notebook.communications.size, facts: notebook.journal.length, quarantined: 0 },
      })),
    communicationsOf: (conversationId) =>
      call('communicationsOf', false, () =>
        [...notebook.communications.values()].filter((one) => one.conversationId === conversationId),
      ),
    saveDraft: (draft) =>
      call('saveDraft', true, () => {
        const known = notebook.drafts.get(draft.key);
        if (known && known.revision > draft.revision) return;
        if (isBlank(draft)) notebook.drafts.delete(draft.key);
        else notebook.drafts.set(draft.key, copy(draft));
      }),
    decide: (submission) =>
      call('decide', true, () => {
        const known = notebook.submissions.get(submission.id);
        if (known) return known;
        order += 1;
        const kept = { ...copy(submission), order };
        notebook.submissions.set(kept.id, kept);
        notebook.drafts.delete(kept.key);
        if (kept.code !== null) {
          const use = uses.get(kept.code);
          const favourite = use?.favourite ?? false;
          uses.set(kept.code, { uses: (use?.uses ?? 0) + 1, lastUsedAt: kept.createdAt, favourite });
        }
        return kept;
      }),
    updateSubmission: (submission) =>
      call('updateSubmission', true, () => {
        const known = notebook.submissions.get(submission.id);
        if (!known) throw new Error(`There is no submission ${submission.id} to update`);
        notebook.submissions.set(submission.id, { ...copy(submission), order: known.order });
      }),
    cacheCodes: (scope, codes) => call('cacheCodes', true, () => void cached.set(scope, codes)),
    cachedCodes: (scope) => call('cachedCodes', false, () => cached.get(scope) ?? null),
    codeUses: () => call('codeUses', false, () => [...uses].map(([code, use]) => ({ code, ...use }))),
    setFavourite: (code, favourite) =>
      call(
        'setFavourite',
        true,
        () => void uses.set(code, { uses: 0, lastUsedAt: '', ...uses.get(code), favourite }),
      ),
    forget: async (what, inTurn) => {
      const step = (): Promise<readonly string[]> =>
        call('forget', true, () => {
          const gone = [...notebook.communications.values()].filter(
            (one) => isSettled(one) && (what.kind !== 'one' || one.key === what.key),
          );
          for (const { key } of gone) notebook.communications.delete(key);
          return gone.map(({ key }) => key);
        });
      const keys: string[] = [];
      const run: InTurn = inTurn ?? ((one) => one().then(() => undefined));
      await run(async () => {
        keys.push(...(await step()));
        return keys;
      });
      return { records: keys.length, facts: 0, staying: 0 };
    },
    close: () => call('close', false, () => undefined),
  };
  return notebook;
}
