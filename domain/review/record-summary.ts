import { cloudMs, epoch } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import {
  disconnectedAtOf,
  happenedAt,
  acwDeadline,
  isTooOldToFile,
  workTime,
} from '../communication/moments.ts';
import { afterCallWorkOf, legStateOf, type AfterCallWorkProgress } from '../communication/phase.ts';
import { codeNamesIn } from '../model/code-names.ts';
import { systemCodeOf } from '../model/values.ts';
import { endingWords } from '../words/communication-words.ts';
import { dateWords, daysBetween, clockDuration, markApproximate, timeOfDay } from '../words/time-words.ts';
import { joinClauses, say, type MessageKey } from '../words/say.ts';
import { clocksDifferWords } from './clock-words.ts';
import { type Listing, listingOf } from './record-listing.ts';
import type { Reader, RecordDetail } from './record-detail.ts';
import { codeOf, markOf, titleOf } from './row-words.ts';

export interface SummaryCard {
  readonly name: 'code' | 'work' | 'peers';
  readonly title: string;
  readonly value: string;
}

export interface RecordSummary {
  /** `Ana L. · Billing`. */
  readonly title: string;
  /** `23 Nov 2026, 14:18 – 14:32 · Customer left · clocks differ by 0.4 s`. */
  readonly detail: string;
  readonly cards: readonly SummaryCard[];
}

/** From when to when, by the cloud's clock as far as it is known. */
function spanWords(communication: Communication, locale: string): string {
  const start = happenedAt(communication);
  const date = dateWords(start, locale);
  const from = timeOfDay(start, locale);
  if (legStateOf(communication) !== 'over') return say('review.head.since', { date, from });
  const ended = disconnectedAtOf(communication);
  const end = ended && cloudMs(ended, communication.clocks);
  if (end === null) return say('review.head.from', { date, from });
  if (daysBetween(start, end) !== 0)
    return say('review.head.timesOfDays', {
      date,
      from,
      toDate: dateWords(end, locale),
      to: timeOfDay(end, locale),
    });
  // To the minute, a short one would begin when it ends.
  const seconds = Math.abs(end - start) < 120_000;
  return say('review.head.times', {
    date,
    from: timeOfDay(start, locale, seconds),
    to: timeOfDay(end, locale, seconds),
  });
}

function codeCard(listing: Listing, now: number): string {
  const mark = markOf(listing, now);
  const code = codeOf(listing);
  if (code === '')
    return mark.glyph === 'none' || mark.glyph === 'missed' ? say('conflict.noCode') : mark.words;
  // Why there is none is in the words of a system's code.
  return mark.glyph === 'sent' || systemCodeOf(listing.code) !== null
    ? code
    : joinClauses([code, mark.words]);
}

const workWords: Readonly<Record<AfterCallWorkProgress, MessageKey>> = {
  due: 'review.card.work.open',
  done: 'review.card.work.complete',
  skipped: 'review.card.work.skipped',
  none: 'review.card.work.none',
};

/** `0:41 of 2:00 · complete`. */
function workCard(communication: Communication, now: number): string {
  const work = afterCallWorkOf(communication);
  const state = say(isTooOldToFile(communication, now) ? 'review.card.work.tooOld' : workWords[work]);
  if (work === 'none') return state;
  const took = workTime(communication);
  const limit =
    acwDeadline(communication) === null ? null : clockDuration(communication.wrapupTimeoutMs ?? 0);
  const length = took && markApproximate(clockDuration(took.ms), took.approximate);
  if (length !== null) {
    const times = limit === null ? length : say('review.card.work.of', { length, limit });
    return joinClauses([times, state]);
  }
  return joinClauses([state, limit === null ? '' : say('review.card.work.limit', { limit })]);
}

/** `2 people, most at 14:25`. */
function peersCard({ peers, exported }: Communication, locale: string): string {
  const most = Math.max(0, ...peers.map(({ count }) => count));
  const isSaid = exported === undefined || exported.saysExposure === true;
  if (most === 0) return say(isSaid ? 'review.card.peers.none' : 'review.timeline.notExported');
  const at = epoch(peers.find(({ count }) => count === most)?.at);
  const words = say('review.card.peers.count', { count: most });
  return at === null || peers.length === 1
    ? words
    : say('review.card.peers.most', { words, time: timeOfDay(at, locale) });
}

export function summaryOf(detail: RecordDetail, { now, locale }: Reader): RecordSummary {
  const { communication, draft, submissions, codeNames } = detail;
  const names = codeNamesIn(codeNames);
  const listing = listingOf(communication, draft ?? undefined, submissions.at(-1), names);
  return {
    title: titleOf(listing),
    detail: joinClauses([
      spanWords(communication, locale),
      legStateOf(communication) === 'over' ? endingWords(communication) : '',
      clocksDifferWords(communication.clocks, locale),
    ]),
    cards: [
      { name: 'code', title: say('review.card.code'), value: codeCard(listing, now) },
      { name: 'work', title: say('review.card.work'), value: workCard(communication, now) },
      {
        name: 'peers',
        title: say('review.card.peers'),
        value: peersCard(communication, locale),
      },
    ],
  };
}
