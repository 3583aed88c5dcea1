import { codeNamesIn, namedCode, noCodeNames, type CodeNames } from '../model/code-names.ts';
import { systemCodeOf } from '../model/values.ts';
import { isTakenBack, type Submission } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { afterCallWorkOf, serverWrapup } from '../communication/phase.ts';
import { sameCode } from '../outbox/reconcile.ts';
import { epoch } from '../clocks/time.ts';
import { codeWords } from '../words/communication-words.ts';
import { joinClauses, say } from '../words/say.ts';
import type { RecordDetail } from './record-detail.ts';
import { dateAndTime } from '../words/time-words.ts';

/** What the agent submitted compared with what the server has. */

/** `mine` and `theirs`: only that side says anything; `neither`: none does. */
type Verdict = 'same' | 'different' | 'mine' | 'theirs' | 'neither';

interface CompareLine {
  readonly name: string;
  /** '' where that side says nothing. */
  readonly mine: string;
  readonly theirs: string;
  readonly verdict: Verdict;
  readonly words: string;
}

/** One submission of the agent. */
interface SubmissionLine {
  readonly id: string;
  /** `23 Nov 2026, 14:33:02`, this machine's clock. */
  readonly at: string;
  /** The code, or that it was skipped. */
  readonly what: string;
  readonly notes: string;
  readonly state: string;
  readonly attempts: string;
  /** Who chose it where the agent did not press, and whether it was late; '' where there is nothing to say. */
  readonly how: string;
  /** Why it waits, failed or conflicts; '' where there is nothing to say. */
  readonly problem: string;
}

export interface Comparison {
  readonly verdict: Verdict;
  readonly words: string;
  /** What the agent's side is: submitted, still a draft, or nothing. */
  readonly mineIs: 'submitted' | 'draft' | 'nothing';
  readonly lines: readonly CompareLine[];
  /** Oldest first. */
  readonly submissions: readonly SubmissionLine[];
}

/** One side: its code, or that it was skipped, and its notes. */
interface Side {
  readonly code: string | null;
  readonly name: string | null;
  readonly notes: string | null;
  readonly skipped: boolean;
}

function mineOf(
  { draft, submissions }: RecordDetail,
  names: CodeNames,
): { readonly side: Side | null; readonly is: Comparison['mineIs'] } {
  const submitted = submissions.findLast((submission) => !isTakenBack(submission));
  if (submitted) {
    const { code, name, notes, kind } = namedCode(submitted, names);
    return { side: { code, name, notes, skipped: kind === 'skip' }, is: 'submitted' };
  }
  if (!draft || (draft.code === null && draft.notes === '')) return { side: null, is: 'nothing' };
  const { code, name, notes } = namedCode(draft, names);
  return { side: { code, name, notes, skipped: false }, is: 'draft' };
}

function theirsOf(communication: Communication, names: CodeNames): Side | null {
  const wrapup = serverWrapup(communication);
  const skipped = afterCallWorkOf(communication) === 'skipped';
  if (!wrapup) return skipped ? { code: null, name: null, notes: null, skipped } : null;
  const { code = null, name = null, notes = null } = wrapup;
  return namedCode({ code, name, notes, skipped: false }, names);
}

/** After a skip any code of the system says the same: nobody chose one. */
function isSameChoice(mine: Side | null, theirs: Side | null): boolean {
  if (!mine || !theirs) return false;
  if (mine.skipped && systemCodeOf(theirs.code) !== null) return true;
  return mine.skipped === theirs.skipped && sameCode(mine, theirs);
}

function choiceWords(side: Side | null): string {
  if (!side) return '';
  if (side.skipped) return say('wrappedUp.skipped');
  return side.name === null && side.code === null ? '' : codeWords(side.name, side.code);
}

function verdictOf(mine: string, theirs: string, same: boolean): Verdict {
  if (mine === '' && theirs === '') return 'neither';
  if (theirs === '') return 'mine';
  if (mine === '') return 'theirs';
  return same ? 'same' : 'different';
}

const lineOf = (name: string, mine: string, theirs: string, same: boolean): CompareLine => {
  const verdict = verdictOf(mine, theirs, same);
  return { name, mine, theirs, verdict, words: say(`review.compare.${verdict}`) };
};

function whole(lines: readonly CompareLine[]): Verdict {
  const verdicts = new Set(lines.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'neither'));
  const [first] = verdicts;
  if (first === undefined) return 'neither';
  return verdicts.size === 1 ? first : 'different';
}

function submissionLine(submission: Submission, names: CodeNames, locale: string): SubmissionLine {
  const { kind, code, name, attempts } = namedCode(submission, names);
  const at = epoch(submission.createdAt);
  return {
    id: submission.id,
    at: at === null ? submission.createdAt : dateAndTime(at, locale),
    what: choiceWords({ code, name, notes: null, skipped: kind === 'skip' }),
    notes: submission.notes,
    state: say(
      isTakenBack(submission) ? 'review.submission.takenBack' : `review.submission.${submission.state}`,
    ),
    attempts: say('review.submission.attempts', { count: attempts }),
    how: joinClauses([
      submission.origin ? say(`review.submission.${submission.origin}`) : '',
      submission.afterLimit ? say('review.submission.late') : '',
    ]),
    problem: submission.problem ?? '',
  };
}

/** Whether both sides have the same notes, also where neither can be read. */
export function hasSameNotes(detail: RecordDetail): boolean {
  if (detail.hidden) return detail.hidden.sameNotes;
  const mine = mineOf(detail, noCodeNames).side?.notes ?? '';
  return mine === (theirsOf(detail.communication, noCodeNames)?.notes ?? '');
}

export function compare(detail: RecordDetail, locale: string): Comparison {
  const names = codeNamesIn(detail.codeNames);
  const { side: mine, is } = mineOf(detail, names);
  const theirs = theirsOf(detail.communication, names);
  const myNotes = mine?.notes ?? '';
  const theirNotes = theirs?.notes ?? '';
  const lines = [
    lineOf(say('prompt.code'), choiceWords(mine), choiceWords(theirs), isSameChoice(mine, theirs)),
    lineOf(say('prompt.notes'), myNotes, theirNotes, hasSameNotes(detail)),
  ];
  const verdict = whole(lines);
  return {
    verdict,
    words: say(`review.compare.${verdict}`),
    mineIs: is,
    lines,
    submissions: detail.submissions.map((submission) => submissionLine(submission, names, locale)),
  };
}
