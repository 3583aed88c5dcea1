import { daysBetween } from '../words/time-words.ts';
import { say } from '../words/say.ts';

const dayMs = 86_400_000;

/** From when on a record is deleted because of its age, epoch ms; null when records are kept for good. */
export function deletedAt(at: number, keepDays: number | null): number | null {
  return keepDays === null ? null : at + keepDays * dayMs;
}

/** `Deleted in 3 days`, `Deleted tomorrow`, `Deleted today`; '' for what is kept for good. */
export function expiryWords(at: number | null, now: number): string {
  if (at === null) return '';
  const days = daysBetween(now, at);
  // What is overdue is deleted as soon as the server is there.
  return say('review.expiry', { days: Math.max(0, days) });
}
