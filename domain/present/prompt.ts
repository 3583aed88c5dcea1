import { notesLimit, type Submission } from '../submissions.ts';
import type { Communication } from '../communication/communication.ts';
import { codeRequired, legStateOf } from '../communication/phase.ts';
import { isKnown, wrapupPolicies } from '../model/values.ts';
import type { CodeUse } from '../database.ts';
import type { WrapupCode } from '../model/screenshare.ts';
import type { CodeChoice, Phase, Prompt, PromptAction } from '../state.ts';
import { endingWords, codeWords, subjectWords } from '../words/communication-words.ts';
import { say } from '../words/say.ts';
import { onAirKey, type Attention } from './attention.ts';
import { acwTimer } from './timers.ts';
import { draftFor, namedIn, sharersOf, submissionFor, type Model } from './model.ts';
import { unreachable } from '../toolbox/result.ts';

const noCodes: readonly WrapupCode[] = [];

/** The same list in the same order is the same object: a prompt changes with every word that is typed in it. */
const ordered = new WeakMap<
  readonly WrapupCode[],
  { uses: readonly CodeUse[]; choices: readonly CodeChoice[] }
>();

function choicesOf(codes: readonly WrapupCode[], uses: readonly CodeUse[]): readonly CodeChoice[] {
  const before = ordered.get(codes);
  if (before?.uses === uses) return before.choices;
  const choices = orderCodes(codes, uses);
  ordered.set(codes, { uses, choices });
  return choices;
}

/** Favourites first, then most used, then as the server lists them. */
export function orderCodes(codes: readonly WrapupCode[], uses: readonly CodeUse[]): CodeChoice[] {
  const useOf = new Map(uses.map((use) => [use.code, use]));
  const favourite = (code: WrapupCode): number => (useOf.get(code.id)?.favourite ? 1 : 0);
  const count = (code: WrapupCode): number => useOf.get(code.id)?.uses ?? 0;
  return [...codes]
    .sort((a, b) => favourite(b) - favourite(a) || count(b) - count(a))
    .map((code) => ({
      id: code.id,
      name: code.name,
      description: code.description ?? '',
      favourite: useOf.get(code.id)?.favourite ?? false,
    }));
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

function spoken(model: Model, words: Words | null): string {
  const { code, name } = namedIn(model, words ?? { code: null, name: null });
  const notes = words?.notes ?? '';
  const what = codeWords(name, code);
  return notes ? say('conflict.notes', { name: what, notes }) : what;
}

function conflictOf(model: Model, submission: Submission | undefined, phase: Phase): Prompt['conflict'] {
  if (submission === undefined || phase !== 'conflict') return null;
  const mine = submission.kind === 'skip' ? say('wrappedUp.skipped') : spoken(model, submission);
  if (submission.state === 'failed') return { mine, theirs: submission.problem ?? '' };
  return { mine, theirs: spoken(model, submission.theirs) };
}

function presentPrompt(model: Model, attention: Attention, behind: number): Prompt {
  const { communication, phase, work = communication } = attention;
  const { key } = communication;
  const submission = submissionFor(model, key);
  const draft = draftFor(model, key);
  // What was saved and can still be changed is shown as it was saved.
  const words = draft ?? submission;
  const known = model.codes[key];
  const connected = legStateOf(communication) !== 'over';
  const conflict = conflictOf(model, submission, phase);
  return {
    key,
    subject: subjectWords(communication),
    ended: connected ? '' : endingWords(work),
    connected,
    policy: communication.policy ?? '',
    codeRequired: codeRequired(communication),
    codes: choicesOf(known?.codes ?? noCodes, model.uses),
    codesFrom: known?.from ?? 'loading',
    codesProblem: known?.problem ?? '',
    draft: {
      code: words?.code ?? null,
      name: words?.name ?? null,
      notes: words?.notes ?? '',
      revision: draft?.revision ?? 0,
    },
    notesLimit,
    // What the server closed has no time left to run.
    clock: connected || conflict ? null : acwTimer(model, work),
    actions: conflict ? ['sendMine', 'keepTheirs', 'later'] : promptActions(communication),
    conflict,
    behind,
  };
}

/** The one the agent opened; not once the screen is shared since, as others would see it. */
function openedPrompt(model: Model, wanted: readonly Attention[]): Attention | undefined {
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
 * While their screen is shared none opens by itself, since it shows what was written about a customer.
 */
export function choosePrompt(model: Model, wanted: readonly Attention[]): Prompt | null {
  const due = wanted.filter(
    ({ phase, postponed }) => (phase === 'wrapUp' || phase === 'conflict') && !postponed,
  );
  const front = openedPrompt(model, wanted) ?? (onAirKey(wanted) === null ? due[0] : undefined);
  if (!front) return null;
  const behind = due.filter(
    ({ communication, saved }) => communication.key !== front.communication.key && !saved,
  ).length;
  return presentPrompt(model, front, behind);
}
