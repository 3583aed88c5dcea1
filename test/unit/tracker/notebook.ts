import { codesScope } from '../../../domain/codes/scope.ts';
import { isBlank, type Submission, type Draft } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { isSettled, legStateOf } from '../../../domain/communication/phase.ts';
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
  /** How many facts were deleted: they still count. */
  readonly deleted: () => number;
  /** Names of the calls made, in order. */
  readonly calls: string[];
  /**
   * Calls that fail from now on: `full` refuses writing, `gone` everything; `one more` writes one more fact, and
   * `dies` does so too, but nobody hears of it; then everything is refused.
   */
  trouble: 'none' | 'full' | 'gone' | 'dies' | 'one more';
  /** Holds back the answers of a call until the returned function is called. */
  readonly hold: (name: keyof LocalDatabase) => () => void;
}

const copy = <Value>(value: Value): Value => structuredClone(value);

/** @param backup what it begins with: the facts and communications another one had */
export function createNotebook(backup?: Pick<Notebook, 'journal' | 'communications' | 'deleted'>): Notebook {
  const held = new Map<string, Promise<void>>();
  const cached = new Map<string, CachedCodes>();
  const uses = new Map<string, { uses: number; lastUsedAt: string; favourite: boolean }>();
  let order = 0;
  let deleted = backup?.deleted() ?? 0;

  async function call<Value>(name: keyof LocalDatabase, writes: boolean, work: () => Value): Promise<Value> {
    notebook.calls.push(name);
    await held.get(name);
    const { trouble } = notebook;
    const isRefused = trouble === 'dies' ? name !== 'commit' : trouble === 'full' && writes;
    if (trouble === 'gone' || isRefused) throw new DatabaseProblem('full', 'The disk is full.');
    const value = copy(work());
    if (name === 'commit' && (trouble === 'dies' || trouble === 'one more')) notebook.trouble = 'gone';
    if (trouble === 'dies') throw new DatabaseProblem('io', 'The thread ended.');
    return value;
  }

  const notebook: Notebook = {
    journal: [...(backup?.journal ?? [])],
    communications: new Map(backup?.communications),
    drafts: new Map(),
    submissions: new Map(),
    deleted: () => deleted,
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
          facts: notebook.journal.length + deleted,
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
            .filter((one) => legStateOf(one) === 'over')
            .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))[0] ?? null,
        lastSubmission: null,
        summary: {
          records: notebook.communications.size,
          facts: notebook.journal.length + deleted,
          quarantined: 0,
        },
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
    codeNames: () =>
      call('codeNames', false, () =>
        Object.fromEntries(
          [...cached.values()].flatMap(({ codes }) => codes.map(({ id, name }) => [id, name])),
        ),
      ),
    codeUses: () => call('codeUses', false, () => [...uses].map(([code, use]) => ({ code, ...use }))),
    codePicks: () =>
      call('codePicks', false, () =>
        [...notebook.submissions.values()]
          .reverse()
          .flatMap(({ code, letters = '', createdAt, key, state }) => {
            const { queueId = '', conversationId = '' } = notebook.communications.get(key) ?? {};
            return code === null || state === 'dropped'
              ? []
              : [{ code, letters, at: createdAt, scope: codesScope({ queueId, conversationId }) }];
          }),
      ),
    lastNotes: (code) =>
      call('lastNotes', false, () =>
        [...notebook.submissions.values()]
          .reverse()
          .flatMap((each) => (each.code === code && each.notes !== '' ? [each.notes] : [])),
      ),
    setFavourite: (code, favourite) =>
      call(
        'setFavourite',
        true,
        () => void uses.set(code, { uses: 0, lastUsedAt: '', ...uses.get(code), favourite }),
      ),
    deleteRecords: async (what, inTurn) => {
      const step = (): Promise<readonly string[]> =>
        call('deleteRecords', true, () => {
          const all = [...notebook.communications.values()];
          // A record goes with its whole conversation, and with the facts about that.
          const isOpen = (id: string): boolean =>
            all.some((one) => one.conversationId === id && !isSettled(one));
          const isMeant = (id: string): boolean =>
            what.kind !== 'one' || all.some((one) => one.conversationId === id && one.key === what.key);
          const gone = all.filter(({ conversationId: id }) => !isOpen(id) && isMeant(id));
          for (const { key } of gone) notebook.communications.delete(key);
          const ids = new Set(gone.map(({ conversationId }) => conversationId));
          const left = notebook.journal.filter(({ context }) => !context || !ids.has(context.conversationId));
          deleted += notebook.journal.splice(0, Infinity, ...left).length - left.length;
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
