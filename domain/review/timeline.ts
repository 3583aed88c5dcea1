import { cloudMs, epoch, type Clocks, type Moment } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import {
  acwBeginningOf,
  acwEndOf,
  connectedAtOf,
  disconnectedAtOf,
  happenedAt,
  acwDeadline,
  isTooOldToFile,
} from '../communication/moments.ts';
import { afterCallWorkOf, serverWrapup, legStateOf } from '../communication/phase.ts';
import type { Segment } from '../model/screenshare.ts';
import { workWords } from '../words/communication-words.ts';
import { joinClauses, say } from '../words/say.ts';
import { clockDuration, markApproximate, roughDuration, timeOfDay } from '../words/time-words.ts';
import { clocksDifferBy, clockWords, isNoticeable } from './clock-words.ts';
import type { Reader, RecordDetail } from './record-detail.ts';
import { onAirSpans } from '../communication/on-air.ts';
import { unreachable } from '../toolbox/result.ts';

/** A stretch of time; epoch ms of the cloud's clock. */
export interface Span {
  readonly fromMs: number;
  /** Never before `fromMs`; null while it lasts. */
  readonly toMs: number | null;
  /** The phase it is coloured like. */
  readonly tone: 'alerting' | 'viewing' | 'sharing' | 'wrapUp' | 'idle';
  /** What it is, from when to when, how long. */
  readonly words: string;
  /** Its ends are by two clocks, or one of them was calculated. */
  readonly approximate: boolean;
  /** How high it is drawn: the number of peers; 1 for everything else. */
  readonly level: number;
  /** When it has to be over, where there is a limit. */
  readonly limitMs: number | null;
}

const laneNames = ['communication', 'sharing', 'work', 'peers', 'segments'] as const;
type LaneName = (typeof laneNames)[number];
export interface Lane {
  readonly name: LaneName;
  /** Where it is drawn, from above: sharing and after-call work are on the connection they belong to. */
  readonly row: number;
  readonly title: string;
  /** In order of time. */
  readonly spans: readonly Span[];
  /** Why it is empty, or how much of it could not be drawn; '' where nothing is missing. */
  readonly missing: string;
}

const rows: Readonly<Record<LaneName, number>> = {
  communication: 0,
  sharing: 0,
  work: 0,
  peers: 1,
  segments: 2,
};

/** Where another clock had this moment. */
interface ClockMark {
  /** By that clock, epoch ms. */
  readonly ms: number;
  readonly words: string;
}

export interface Timeline {
  readonly lanes: readonly Lane[];
  readonly marks: readonly ClockMark[];
  /** By whose clock it is drawn, and how far the others were off; '' where nothing shows that they were. */
  readonly clocks: string;
  /** Everything and a little air on both sides; epoch ms of the cloud's clock. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a span is made of. `to`: null while it lasts, undefined where it is not known. */
interface Stretch {
  readonly from: Moment | null;
  readonly to: Moment | null | undefined;
  readonly tone: Span['tone'];
  readonly what: string;
  readonly level?: number;
  readonly limitMs?: number | null;
  readonly approximate?: boolean;
}

const cloudMoment = (iso: string): Moment => ({ iso, clock: 'cloud' });

/** `14:02:05 – 14:09:11 · 7 min`; `toMs`: null while it lasts. */
export function timesWords(
  fromMs: number,
  toMs: number | null,
  approximate: boolean,
  locale: string,
): string {
  const from = timeOfDay(fromMs, locale, true);
  if (toMs === null) return say('review.timeline.since', { from });
  const length = markApproximate(roughDuration(toMs - fromMs), approximate);
  return say('review.timeline.times', { from, to: timeOfDay(toMs, locale, true), length });
}

/** Null where one of its ends is not known. */
function spanOf(stretch: Stretch, clocks: Clocks | undefined, locale: string): Span | null {
  const { from, to, what } = stretch;
  const fromMs = from && cloudMs(from, clocks);
  if (from === null || fromMs === null || to === undefined) return null;
  const end = to && cloudMs(to, clocks);
  if (to !== null && end === null) return null;
  const toMs = end === null ? null : Math.max(fromMs, end);
  const approximate = stretch.approximate ?? (to !== null && to.clock !== from.clock);
  return {
    fromMs,
    toMs,
    tone: stretch.tone,
    words: say('review.timeline.span', { what, times: timesWords(fromMs, toMs, approximate, locale) }),
    approximate,
    level: stretch.level ?? 1,
    limitMs: stretch.limitMs ?? null,
  };
}

/** The end of the whole: null while it lasts, undefined where no time is known. */
function endOfAll(communication: Communication): Moment | null | undefined {
  return legStateOf(communication) === 'over' ? (disconnectedAtOf(communication) ?? undefined) : null;
}

function communicationStretches(communication: Communication): Stretch[] {
  const { alertedAt, answered } = communication;
  const end = endOfAll(communication);
  const connected = connectedAtOf(communication);
  const stretches: Stretch[] = [];
  if (alertedAt !== undefined) {
    const to = answered ? (connected ?? undefined) : end;
    const what = say('review.timeline.alerting');
    stretches.push({ from: cloudMoment(alertedAt), to, tone: 'alerting', what });
  }
  if (answered)
    stretches.push({ from: connected, to: end, tone: 'viewing', what: say('review.timeline.connected') });
  return stretches;
}

function sharingStretches(communication: Communication): Stretch[] {
  const what = say('review.timeline.shared');
  return onAirSpans(communication).map((span) => ({ ...span, tone: 'sharing', what }));
}

function peerStretches(communication: Communication): Stretch[] {
  const end = endOfAll(communication);
  return communication.peers
    .map(({ at, count }, index): Stretch => {
      const next = communication.peers[index + 1];
      const what = say('status.peers', { count });
      const to = next ? cloudMoment(next.at) : end;
      return { from: cloudMoment(at), to, tone: 'idle', level: count, what };
    })
    .filter(({ level = 0 }) => level > 0);
}

function workStretches(communication: Communication, cloudNow: number): Stretch[] {
  const work = afterCallWorkOf(communication);
  if (work === 'none') return [];
  const from = acwBeginningOf(communication);
  const counted = serverWrapup(communication)?.durationSeconds ?? null;
  const start = from && cloudMs(from, communication.clocks);
  const byCount =
    start !== null && counted !== null && counted >= 0
      ? cloudMoment(new Date(start + Math.round(counted * 1000)).toISOString())
      : undefined;
  const isOpen = work === 'due' && !isTooOldToFile(communication, cloudNow);
  const to = acwEndOf(communication) ?? (isOpen ? null : byCount);
  const limitMs = acwDeadline(communication);
  const limit = communication.wrapupTimeoutMs ?? 0;
  const what =
    limitMs === null
      ? say('review.timeline.work')
      : say('review.timeline.workOf', { limit: clockDuration(limit) });
  return [{ from, to, tone: 'wrapUp', what, limitMs }];
}

const segmentTones: ReadonlyMap<string, Span['tone']> = new Map([
  ['alert', 'alerting'],
  ['interact', 'viewing'],
  ['sharing', 'sharing'],
  ['wrapup', 'wrapUp'],
]);

/** `Interact, then Disconnect (peer)`: the server's own words, which no list of ours is complete for. */
function segmentWords({ type, howEnded, disconnectType }: Segment): string {
  const ended = [howEnded ?? '', disconnectType ? `(${disconnectType})` : ''].filter((part) => part !== '');
  const name = type ?? say('review.timeline.segment');
  return ended.length > 0 ? say('review.timeline.segmentEnded', { name, ended: ended.join(' ') }) : name;
}

function segmentStretches(communication: Communication): Stretch[] {
  const segments = communication.screenshare.segments ?? [];
  const end = endOfAll(communication);
  return segments.map((segment, index): Stretch => {
    const { startTime, endTime } = segment;
    // Left open, a segment lasts until the next begins.
    const next = segments[index + 1]?.startTime;
    const follows = next ? cloudMoment(next) : end;
    const to = endTime ? cloudMoment(endTime) : follows;
    return {
      from: startTime ? cloudMoment(startTime) : null,
      to,
      tone: segmentTones.get(segment.type?.toLowerCase() ?? '') ?? 'idle',
      what: segmentWords(segment),
      ...(endTime || to === null ? {} : { approximate: true }),
    };
  });
}

/** Why there is nothing to draw. */
function absence(name: Lane['name'], communication: Communication): string {
  const work = workWords(communication);
  switch (name) {
    case 'communication':
      return say('review.timeline.undated');
    case 'sharing':
    case 'peers':
      if (communication.exported && !communication.exported.saysExposure)
        return say('review.timeline.notExported');
      return say(name === 'sharing' ? 'review.timeline.notShared' : 'review.timeline.noPeers');
    case 'work':
      return work === '' ? say('work.notApplicable') : work;
    case 'segments':
      return say('review.timeline.noSegments');
    default:
      return unreachable(name);
  }
}

function laneOf(
  name: Lane['name'],
  stretches: readonly Stretch[],
  detail: RecordDetail,
  locale: string,
): Lane {
  const spans = stretches
    .map((stretch) => spanOf(stretch, detail.communication.clocks, locale))
    .filter((span) => span !== null)
    .sort((a, b) => a.fromMs - b.fromMs);
  const lost = stretches.length - spans.length;
  const undated = lost > 0 ? say('review.timeline.undatedParts', { count: lost }) : '';
  return {
    name,
    row: rows[name],
    title: say(`review.timeline.lane.${name}`),
    spans,
    missing: stretches.length === 0 ? absence(name, detail.communication) : undated,
  };
}

/** The end as the provider dated it, where its clock is known to be off. */
function marksOf({ screenshare, clocks }: Communication, locale: string): ClockMark[] {
  const ms = epoch(screenshare.disconnectedTime);
  if (ms === null || !isNoticeable(clocks?.providerOffsetMs ?? 0)) return [];
  const clock = clockWords('provider', clocks, locale);
  return [{ ms, words: say('review.timeline.mark', { time: timeOfDay(ms, locale, true), clock }) }];
}

function clocksWords({ clocks }: Communication, locale: string): string {
  if (!clocks || clocksDifferBy(clocks) === 0) return '';
  const provider = isNoticeable(clocks.providerOffsetMs ?? 0) ? clockWords('provider', clocks, locale) : '';
  const by = say('review.timeline.by', { clock: clockWords('cloud', clocks, locale) });
  return joinClauses([by, provider]);
}

/**
 * A record as lanes of spans, every time by the cloud's clock as far as the record knows how the clocks stood. What
 * has no known time is not drawn, and counted as missing.
 */
export function timelineOf(detail: RecordDetail, { now, locale }: Reader): Timeline {
  const { communication } = detail;
  const cloudNow = now + (communication.clocks?.cloudOffsetMs ?? 0);
  const stretches = {
    communication: communicationStretches(communication),
    sharing: sharingStretches(communication),
    work: workStretches(communication, cloudNow),
    peers: peerStretches(communication),
    segments: segmentStretches(communication),
  };
  const lanes = laneNames.map((name) => laneOf(name, stretches[name], detail, locale));
  const spans = lanes.flatMap((lane) => lane.spans);
  const ends = spans.flatMap(({ fromMs, toMs, limitMs }) =>
    toMs === null ? [fromMs, cloudNow, ...(limitMs === null ? [] : [limitMs])] : [fromMs, toMs],
  );
  const all = ends.length > 0 ? ends : [happenedAt(communication)];
  const first = Math.min(...all);
  const last = Math.max(...all);
  const length = Math.max(1000, last - first);
  const air = Math.max(1000, Math.round((last - first) * 0.03));
  // A clock that is days off is said to be, and not drawn: everything else would be too small to see.
  const marks = marksOf(communication, locale).filter(({ ms }) => ms > first - length && ms < last + length);
  return {
    lanes,
    marks,
    clocks: clocksWords(communication, locale),
    fromMs: Math.min(first, ...marks.map(({ ms }) => ms)) - air,
    toMs: Math.max(last, ...marks.map(({ ms }) => ms)) + air,
  };
}
