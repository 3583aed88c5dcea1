import { notesLimit, type Submission } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { codeRequired, legStateOf } from '../communication/phase.ts';
import { isKnown, wrapupPolicies } from '../model/values.ts';
import type { WrapupCode } from '../model/screenshare.ts';
import type { CodeChoice, LettersPick, Phase, Prompt, PromptAction } from '../state.ts';
import { endingWords, codeWords, subjectWords } from '../words/communication-words.ts';
import { codesScope } from '../codes/scope.ts';
import { lettersIn, orderCodes } from '../codes/ranking.ts';
import { isCorrecting } from './correction.ts';
import { onAirKey, type Attention } from './attention.ts';
import { say } from '../words/say.ts';
import { acwTimer } from './timers.ts';
import { draftFor, namedIn, sharersOf, submissionFor, type KnownState } from './known-state.ts';
import { atZeroWords, nudgeWords, recommendedSpan } from './work-limit.ts';
import { unreachable } from '../toolbox/result.ts';

const noCodes: readonly WrapupCode[] = [];

interface Ordered {
  readonly choices: readonly CodeChoice[];
  readonly letters: readonly LettersPick[];
}
type Uses = Pick<KnownState, 'uses' | 'picks'>;

/** The same list in the same order is the same object: a prompt changes with every word that is typed in it. */
const ordered = new WeakMap<readonly WrapupCode[], Uses & Ordered & { scope: string }>();

function orderedFor(codes: readonly WrapupCode[], { uses, picks }: Uses, scope: string): Ordered {
  const before = ordered.get(codes);
  if (before?.uses === uses && before.picks === picks && before.scope === scope) return before;
  const made = {
    choices: orderCodes(codes, uses, picks, scope),
    letters: lettersIn(picks, scope),
    ...{ uses, picks, scope },
  };
  ordered.set(codes, made);
  return made;
}

/** Which buttons the policy allows. Source: Genesys after-call-work settings (design reference §5). */
export function promptActions(communication: Communication): PromptAction[] {
  if (legStateOf(communication) !== 'over') return ['later'];
  const { policy } = communication;
  if (!isKnown(wrapupPolicies, policy)) return ['done', 'later'];
  switch (policy) {
    case 'forcedTimeout':
      return ['save', 'later'];
    case 'optional':
      return ['done', 'skip', 'later'];
    case 'mandatory':
    case 'timeout':
    case 'agentRequested':
      return ['done', 'later'];
    default:
      return unreachable(policy);
  }
}

type Words = NonNullable<Submission['theirs']>;

function spoken(model: KnownState, words: Words | null): string {
  const { code, name } = namedIn(model, words ?? { code: null, name: null });
  const notes = words?.notes ?? '';
  const what = codeWords(name, code);
  return notes ? say('conflict.notes', { name: what, notes }) : what;
}

function conflictOf(model: KnownState, submission: Submission | undefined, phase: Phase): Prompt['conflict'] {
  if (submission === undefined || phase !== 'conflict') return null;
  const mine = submission.kind === 'skip' ? say('wrappedUp.skipped') : spoken(model, submission);
  if (submission.state === 'failed') return { mine, theirs: submission.problem ?? '' };
  return { mine, theirs: spoken(model, submission.theirs) };
}

function nextStatusOf({ statusChoices, nextStatus }: KnownState, key: string): Prompt['nextStatus'] {
  if (statusChoices.length === 0) return null;
  return { choices: statusChoices, chosen: nextStatus?.key === key ? nextStatus.id : null };
}

function presentPrompt(model: KnownState, attention: Attention, behind: number, now: number): Prompt {
  const { communication, phase, saved, work = communication } = attention;
  const { key } = communication;
  const submission = submissionFor(model, key);
  const draft = draftFor(model, key);
  // What was saved and can still be changed is shown as it was saved.
  const correcting = isCorrecting(model, key) ? model.correcting : null;
  const words = draft ?? submission ?? (correcting && namedIn(model, correcting.theirs));
  const known = model.codes[key];
  const connected = legStateOf(communication) !== 'over';
  const conflict = conflictOf(model, submission, phase);
  const { choices, letters } = orderedFor(known?.codes ?? noCodes, model, codesScope(communication));
  return {
    key,
    subject: subjectWords(communication),
    customer: communication.peerName ?? '',
    queue: communication.queueName ?? '',
    ended: connected ? '' : endingWords(work),
    connected,
    policy: communication.policy ?? '',
    codeRequired: codeRequired(communication),
    codes: choices,
    picks: letters,
    codesFrom: known?.from ?? 'loading',
    codesProblem: known?.problem ?? '',
    draft: {
      code: words?.code ?? null,
      name: words?.name ?? null,
      notes: (draft ?? submission ?? correcting?.theirs)?.notes ?? '',
      revision: draft?.revision ?? 0,
    },
    saved,
    notesLimit,
    // What the server closed has no time left to run.
    clock: connected || conflict || correcting ? null : acwTimer(model, work),
    nextStatus: conflict || correcting ? null : nextStatusOf(model, key),
    atZero: atZeroWords(model, attention, now),
    nudge: nudgeWords(model, recommendedSpan(model, attention), now),
    actions: conflict
      ? ['sendMine', 'keepTheirs', 'later']
      : correcting
        ? ['done', 'later']
        : promptActions(communication),
    conflict,
    behind,
  };
}

/** The one the agent opened; not once the screen is shared since, as others would see it. */
function openedPrompt(model: KnownState, wanted: readonly Attention[]): Attention | undefined {
  const onAir = onAirKey(wanted);
  if (onAir !== null && model.openedOnAir !== onAir) return undefined;
  const { opened } = model;
  if (opened === null) return undefined;
  const open = wanted.filter(({ phase }) => ['viewing', 'sharing', 'wrapUp', 'conflict'].includes(phase));
  const same = new Set(sharersOf(model, opened).map(({ key }) => key));
  return (
    open.find(({ communication }) => communication.key === opened) ??
    // The leg it was opened for ended, and another one stands for their work.
    open.find(({ communication }) => same.has(communication.key))
  );
}

/**
 * The prompt in front of the agent: the one they opened, else the most urgent wrap-up that is due and not put off.
 * While their screen is shared none opens by itself, since it shows what was written about a customer. `now`: epoch ms.
 */
export function choosePrompt(model: KnownState, wanted: readonly Attention[], now: number): Prompt | null {
  const due = wanted.filter(
    ({ phase, postponed }) => (phase === 'wrapUp' || phase === 'conflict') && !postponed,
  );
  const front = openedPrompt(model, wanted) ?? (onAirKey(wanted) === null ? due[0] : undefined);
  if (!front) return null;
  const behind = due.filter(
    ({ communication, saved }) => communication.key !== front.communication.key && !saved,
  ).length;
  return presentPrompt(model, front, behind, now);
}
