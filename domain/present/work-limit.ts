import { epoch } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import { acwDeadline, acwStart } from '../communication/moments.ts';
import { afterCallWorkOf, codeRequired } from '../communication/phase.ts';
import { sendAheadMs, type Draft } from '../submissions.ts';
import { acwWarningMs } from '../shown-time.ts';
import { codeWords } from '../words/communication-words.ts';
import { say } from '../words/say.ts';
import { clockDuration } from '../words/time-words.ts';
import type { Attention } from './attention.ts';
import { isCorrecting } from './correction.ts';
import { draftFor, lastDueOf, namedIn, submissionFor, toLocal, type KnownState } from './known-state.ts';

/** The time of after-call work: how near its end is, and what is sent then. */

/** How late a busy machine may come to sending it, ms. */
const lateAtMostMs = 2500;

/** `near`: in its last 20 s, or the last half of a shorter one. */
export type WorkLimit = 'running' | 'near';

export interface Span {
  /** Epoch ms, this machine's clock. */
  readonly end: number;
  /** From when on it is near. */
  readonly nearFrom: number;
}

function spanOf(end: number, totalMs: number): Span {
  return { end, nearFrom: end - Math.min(acwWarningMs, totalMs / 2) };
}

/** Of a wrap-up that is still to be made; null where no limit runs. */
export function limitSpan(model: KnownState, attention: Attention): Span | null {
  const { communication, phase, saved, work = communication } = attention;
  const isRunning = phase === 'wrapUp' && !saved && !isCorrecting(model, communication.key);
  const deadline = isRunning ? acwDeadline(work) : null;
  return deadline === null ? null : spanOf(toLocal(model, deadline), work.wrapupTimeoutMs ?? Infinity);
}

/** `now`: epoch ms, this machine's clock. */
export function limitAt(span: Span | null, now: number): WorkLimit | null {
  if (span === null || now >= span.end) return null;
  return now >= span.nearFrom ? 'near' : 'running';
}

/** The time an organisation or a person recommends, where the server sets no limit. */
export function recommendedSpan(model: KnownState, attention: Attention): Span | null {
  const { communication, phase, saved, work = communication } = attention;
  const seconds = model.settings.values.recommendedSeconds;
  const isRunning = phase === 'wrapUp' && !saved && !isCorrecting(model, communication.key);
  if (!isRunning || seconds === null || acwDeadline(work) !== null) return null;
  const start = acwStart(work);
  return start === null ? null : spanOf(toLocal(model, start) + seconds * 1000, seconds * 1000);
}

/** Empty until the recommended time is nearly over. */
export function nudgeWords(model: KnownState, span: Span | null, now: number): string {
  if (span === null || now < span.nearFrom) return '';
  const time = clockDuration((model.settings.values.recommendedSeconds ?? 0) * 1000);
  return say(now < span.end ? 'prompt.recommended.near' : 'prompt.recommended.past', { time });
}

/** When any of this changes without a fact, epoch ms of this machine's clock. */
export function limitChanges(model: KnownState, attention: Attention): number[] {
  const spans = [limitSpan(model, attention), recommendedSpan(model, attention)];
  return spans.flatMap((span) => (span === null ? [] : [span.nearFrom, span.end]));
}

interface Code {
  readonly code: string;
  readonly name: string;
}

/** What the organisation has filed for this queue where nobody chose; null where it says nothing, or the queue has no such code. */
function defaultCodeOf(model: KnownState, { key, queueId, queueName }: Communication): Code | null {
  const { defaultCodes } = model.settings;
  const wanted = defaultCodes[queueId ?? ''] ?? defaultCodes[queueName ?? ''];
  if (wanted === undefined) return null;
  const codes = model.codes[key]?.codes ?? [];
  const found = codes.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
  return found ? { code: found.id, name: found.name } : null;
}

/**
 * The code that is sent at the limit of this work because nobody chose one, and when: epoch ms of this machine's clock.
 * Null where none is, or where it is too late for it.
 */
export function defaultSentAt(
  model: KnownState,
  communication: Communication,
  now: number,
): { readonly code: Code; readonly at: number } | null {
  const { key } = communication;
  const deadline = acwDeadline(communication);
  const decided = submissionFor(model, key)?.state ?? 'dropped';
  const isOpen = afterCallWorkOf(communication) === 'due' && decided === 'dropped';
  if (deadline === null || !isOpen || (draftFor(model, key)?.code ?? null) !== null) return null;
  if (lastDueOf(model, key)?.key !== key) return null;
  const code = defaultCodeOf(model, communication);
  const end = toLocal(model, deadline);
  return code === null || now > end + lateAtMostMs ? null : { code, at: end - sendAheadMs };
}

/**
 * When a draft is sent because its time is up, epoch ms of this machine's clock; Infinity when nothing ends it. What was
 * chosen after the limit, or is found after it (a restart, a sleep), waits for the agent: the notes may not be written yet.
 */
export function chosenSentAt(model: KnownState, { key, code, updatedAt }: Draft, now: number): number {
  const work = lastDueOf(model, key);
  const deadline = work ? acwDeadline(work) : null;
  // A draft beside a submission was written after it. Between two versions only the agent can choose.
  const isChoice = submissionFor(model, key)?.state === 'conflict';
  if (deadline === null || code === null || isChoice) return Infinity;
  const end = toLocal(model, deadline);
  const isTooLate = now > end + lateAtMostMs || (epoch(updatedAt) ?? 0) >= end;
  return isTooLate ? Infinity : end - sendAheadMs;
}

/** What happens when the time is up, said while it runs; empty where nothing ends it. */
export function atZeroWords(model: KnownState, attention: Attention, now: number): string {
  const { communication } = attention;
  if (limitAt(limitSpan(model, attention), now) === null) return '';
  const draft = draftFor(model, communication.key);
  if (draft !== undefined && draft.code !== null) {
    const { name, code } = namedIn(model, draft);
    return say('prompt.atZero.chosen', { code: codeWords(name, code) });
  }
  const ofQueue = defaultCodeOf(model, communication);
  if (ofQueue !== null) return say('prompt.atZero.default', { code: ofQueue.name });
  return codeRequired(communication) ? say('prompt.atZero.none') : '';
}
