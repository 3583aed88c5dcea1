import {
  connectedTime,
  happenedAt,
  alertingTime,
  connectedAtOf,
  workTime,
} from '../communication/moments.ts';
import { cloudMs, type Duration } from '../clocks/time.ts';
import { roleOf, type Communication } from '../communication/communication.ts';
import { onAirSpans, onAirTime } from '../communication/on-air.ts';
import { phaseOf } from '../communication/phase.ts';
import { codeNamesIn } from '../model/code-names.ts';
import { missedWords } from '../words/communication-words.ts';
import { say } from '../words/say.ts';
import { clockDuration, markApproximate, roughDuration, timeWords } from '../words/time-words.ts';
import { unreachable } from '../toolbox/result.ts';
import type { Reader, RecordDetail } from './record-detail.ts';
import { listingOf, type Listing } from './record-listing.ts';
import { markOf } from './row-words.ts';

/** A record in one sentence. */

const rough = (time: Duration): string => markApproximate(roughDuration(time.ms), time.approximate);

/** `Ada, Online banking`. */
function subjectOf({ peer, queue }: Listing): string {
  if (peer !== null && queue !== null) return say('review.story.subject', { peer, queue });
  return peer ?? queue ?? say('prompt.subjectUnknown');
}

/** Both as long as people say it; to the second where that would be the same of both. */
function pair(one: Duration, other: Duration): readonly [string, string] {
  const isAlike = roughDuration(one.ms) === roughDuration(other.ms);
  const isEqual = clockDuration(one.ms) === clockDuration(other.ms);
  if (!isAlike || isEqual) return [rough(one), rough(other)];
  return [
    markApproximate(clockDuration(one.ms), one.approximate),
    markApproximate(clockDuration(other.ms), other.approximate),
  ];
}

/** `shared 14 s of 26 s`. */
function overWords(communication: Communication): string {
  const connected = connectedTime(communication);
  if (roleOf(communication) === 'viewing')
    return connected === null
      ? say('review.story.viewedSome')
      : say('review.story.viewed', { connected: rough(connected) });
  const onAir = onAirTime(communication);
  if (onAir === null)
    return connected === null
      ? say('review.story.sharedSome')
      : say('review.story.sharedWithin', { connected: rough(connected) });
  if (connected === null) return say('review.story.shared', { onAir: rough(onAir) });
  const [shared, whole] = pair(onAir, connected);
  return say('review.story.sharedOf', { onAir: shared, connected: whole });
}

function missedStory(communication: Communication): string {
  const why = missedWords(communication.screenshare.disconnectType ?? null);
  const rang = alertingTime(communication);
  return rang === null
    ? say('review.story.missed', { why })
    : say('review.story.missedAfter', { length: rough(rang), why });
}

/** Since when it goes on, by the cloud's clock. */
function sinceOf(communication: Communication): number {
  const { clocks } = communication;
  const phase = phaseOf(communication);
  const moment = phase === 'sharing' ? onAirSpans(communication).at(-1)?.from : connectedAtOf(communication);
  const at = moment && phase !== 'alerting' ? cloudMs(moment, clocks) : null;
  return at ?? happenedAt(communication);
}

function whatHappened(communication: Communication, { now, locale }: Reader): string {
  const phase = phaseOf(communication);
  switch (phase) {
    case 'alerting':
    case 'connecting':
    case 'viewing':
    case 'sharing':
      return say(`review.story.${phase}`, { from: timeWords(sinceOf(communication), now, locale) });
    case 'missed':
      return communication.gone ? say('outcome.gone') : missedStory(communication);
    case 'wrapUp':
    case 'wrappedUp':
    case 'idle':
      return communication.gone ? say('outcome.gone') : overWords(communication);
    default:
      return unreachable(phase);
  }
}

/** `you wrapped up in 0:41`; '' where there is nothing to say about a wrap-up (yet). */
function wrapUpWords({ communication, submissions }: RecordDetail, listing: Listing, now: number): string {
  const took = workTime(communication);
  const length = took && markApproximate(clockDuration(took.ms), took.approximate);
  const timed = (name: 'sent' | 'elsewhere' | 'timedOut' | 'skipped'): string =>
    length === null ? say(`review.story.${name}`) : say(`review.story.${name}In`, { length });
  const mark = markOf(listing, now).glyph;
  switch (mark) {
    case 'sent': {
      const origin = submissions.at(-1)?.origin;
      return origin ? say(`review.story.sent.${origin}`) : timed('sent');
    }
    case 'elsewhere':
      return listing.code === null && listing.codeName === null ? say('review.story.noCode') : timed(mark);
    case 'timedOut':
      return timed(mark);
    case 'skipped':
      return submissions.at(-1)?.kind === 'skip' ? timed(mark) : say('review.story.skippedBySystem');
    case 'draft':
    case 'waiting':
    case 'conflict':
    case 'open':
    case 'tooOld':
      return say(`review.story.${mark}`);
    case 'missed':
    case 'none':
      return '';
    default:
      return unreachable(mark);
  }
}

/** `Ada, Online banking: shared 14 s of 26 s; you wrapped up in 0:41.` */
export function storyOf(detail: RecordDetail, reader: Reader): string {
  const { communication, draft, submissions, codeNames } = detail;
  const names = codeNamesIn(codeNames);
  const listing = listingOf(communication, draft ?? undefined, submissions.at(-1), names);
  const subject = subjectOf(listing);
  const what = whatHappened(communication, reader);
  const wrapUp = wrapUpWords(detail, listing, reader.now);
  return wrapUp === ''
    ? say('review.story', { subject, what })
    : say('review.story.andWrapUp', { subject, what, wrapUp });
}
