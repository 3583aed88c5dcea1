import { namedCode, noCodeNames, type CodeNames } from '../model/code-names.ts';
import { systemCodeOf } from '../model/values.ts';
import {
  isBlank,
  wrapupOutcomes,
  type Draft,
  type RecordWrapupState,
  type Submission,
  type WrapupOutcome,
} from '../submissions.ts';
import { say } from '../words/say.ts';
import type { Communication } from './communication.ts';
import { phaseOf, serverWrapup } from './phase.ts';

/** What became of the wrap-up of a share: one truth and one word for windows, search, charts and exports. */

export interface RecordWrapup {
  readonly code: string | null;
  readonly name: string | null;
  readonly notes: string | null;
  readonly state: RecordWrapupState;
  /** Only where it is so, see `Submission`. */
  readonly origin?: NonNullable<Submission['origin']>;
  readonly afterLimit?: true;
}

/** In one word; null where no wrap-up is due, or not yet. */
export function wrapupOutcome(
  communication: Communication,
  draft: Draft | undefined,
  submission: Submission | undefined,
): WrapupOutcome | null {
  const { exported } = communication;
  // A file does not have all that this follows from.
  if (exported?.outcome !== undefined) return exported.outcome;
  const phase = phaseOf(communication);
  if (phase === 'missed') return 'missed';
  const written = wrapupAsKept(communication, draft, submission);
  if (written) return written.state;
  if (phase === 'wrapUp') return 'open';
  // Done, and nothing says by what: not from here.
  return phase === 'wrappedUp' ? 'elsewhere' : null;
}

/** `sent by me`, `timed out`; `–` where none is due. */
export function outcomeWords(outcome: WrapupOutcome | null): string {
  return say(`review.mark.${outcome ?? 'none'}`);
}

/** What stands behind `is:` in the search. */
export const outcomeFilters: Readonly<Record<WrapupOutcome, string>> = {
  sent: 'sent',
  elsewhere: 'genesys',
  timedOut: 'timedout',
  skipped: 'skipped',
  draft: 'draft',
  waiting: 'waiting',
  conflict: 'conflict',
  open: 'open',
  missed: 'missed',
};
/** The same in other words, which are not offered. */
const otherFilters: Readonly<Record<string, WrapupOutcome>> = {
  elsewhere: 'elsewhere',
  'timed-out': 'timedOut',
  timeout: 'timedOut',
};

/** Case does not matter; null for a word that is none. */
export function outcomeOfFilter(word: string): WrapupOutcome | null {
  const typed = word.toLowerCase();
  const known = wrapupOutcomes.find((outcome) => outcomeFilters[outcome] === typed);
  return known ?? (Object.hasOwn(otherFilters, typed) ? (otherFilters[typed] ?? null) : null);
}

/** The wrap-up of a record: the agent's own submission, else what the server has, else what is being written. */
export function wrapupOf(
  communication: Communication,
  draft: Draft | undefined,
  submission: Submission | undefined,
  names: CodeNames = noCodeNames,
): RecordWrapup | null {
  const wrapup = wrapupAsKept(communication, draft, submission);
  return wrapup && namedCode(wrapup, names);
}

function wrapupAsKept(
  communication: Communication,
  draft: Draft | undefined,
  submission: Submission | undefined,
): RecordWrapup | null {
  const server = serverWrapup(communication);
  if (submission && submission.state !== 'dropped') {
    return {
      code: submission.code,
      name: submission.name,
      notes: submission.notes,
      state: decidedState(submission),
      ...(submission.origin === undefined ? {} : { origin: submission.origin }),
      ...(submission.afterLimit === undefined ? {} : { afterLimit: submission.afterLimit }),
    };
  }
  if (server) {
    return {
      code: server.code ?? null,
      name: server.name ?? null,
      notes: server.notes ?? null,
      state: serverState(server.code),
    };
  }
  if (draft && !isBlank(draft)) {
    return { code: draft.code, name: draft.name, notes: draft.notes, state: 'draft' };
  }
  if (communication.wrapupSkipped || communication.screenshare.afterCallWork?.state === 'skipped') {
    return { code: null, name: null, notes: null, state: 'skipped' };
  }
  return null;
}

function decidedState(submission: Submission): RecordWrapupState {
  switch (submission.state) {
    case 'waiting':
    case 'accepted':
    case 'failed':
      return 'waiting';
    case 'conflict':
      return 'conflict';
    case 'confirmed':
    case 'dropped':
      return submission.kind === 'skip' && submission.state === 'confirmed' ? 'skipped' : 'sent';
  }
}

/** Who wrote what the server has, where the agent sent nothing: its own codes are nobody's choice. */
function serverState(code: string | null | undefined): RecordWrapupState {
  const system = systemCodeOf(code);
  if (system === null) return 'elsewhere';
  return system === 'timedOut' ? 'timedOut' : 'skipped';
}
