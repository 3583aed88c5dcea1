import { disconnectTypes, isKnown } from '../model/values.ts';
import { codeWords, endedWords, missedWords, phaseTitle } from '../words/communication-words.ts';
import { dayWords, markApproximate, roughDuration, spokenDate, timeOfDay } from '../words/time-words.ts';
import { joinClauses, say } from '../words/say.ts';
import { outcomeWords } from '../communication/wrapup-outcome.ts';
import type { WrapupOutcome } from '../submissions.ts';
import type { ListedLength, Listing } from './record-listing.ts';
import { unreachable } from '../toolbox/result.ts';

/** What became of the wrap-up, one shape each; `tooOld`: it is open, and nobody can write it any more. */
export type WrapupGlyph = WrapupOutcome | 'tooOld' | 'none';
interface WrapupMark {
  readonly glyph: WrapupGlyph;
  readonly words: string;
}

/** A word for each column; '' where there is nothing to say. */
interface RowCells {
  readonly who: string;
  readonly queue: string;
  /** Its code; of one without, what became of the share. */
  readonly code: string;
  readonly sharing: string;
  readonly length: string;
}

interface RowWords {
  /** `14:18`. */
  readonly time: string;
  /** Which day, when it is not today: `Sun`, `22 Nov`, `22 Nov 2025`. */
  readonly day: string;
  /** `Ana L. · Billing`, `Missed · Support`. */
  readonly title: string;
  /** `Resolved · you shared 12 min · customer left`. */
  readonly detail: string;
  readonly mark: WrapupMark;
  /** The colour of its bar; the words say the same. */
  readonly tone: 'sharing' | 'viewing' | 'alerting';
  readonly cells: RowCells;
  /** All of it for a screen reader, with the day and the full words. */
  readonly name: string;
}

const capital = (words: string): string => words.charAt(0).toLocaleUpperCase() + words.slice(1);

/** `Ana L. · Billing`; of a missed alert that it was one. */
export function titleOf({ missed, peer, queue }: Pick<Listing, 'missed' | 'peer' | 'queue'>): string {
  const title = joinClauses([missed ? say('review.row.missed') : '', peer ?? '', queue ?? '']);
  return title === '' ? say('prompt.subjectUnknown') : title;
}

/** `now`: epoch ms. */
export function markOf(
  { wrapup, fileUntil }: Pick<Listing, 'wrapup' | 'fileUntil'>,
  now: number,
): WrapupMark {
  if (wrapup === 'open' && fileUntil !== null && fileUntil <= now)
    return { glyph: 'tooOld', words: say('review.mark.tooOld') };
  return { glyph: wrapup ?? 'none', words: outcomeWords(wrapup) };
}

/** Its wrap-up code; '' for none. */
export function codeOf({ code, codeName }: Pick<Listing, 'code' | 'codeName'>): string {
  return code === null && codeName === null ? '' : codeWords(codeName, code);
}

/** By whom or what it ended, as short as a line needs it; a newer server's word as sent. */
function shortEnding(type: string | null): string {
  if (type === null) return '';
  return isKnown(disconnectTypes, type) ? say(`review.ended.${type}`) : say('review.ended.asSent', { type });
}

/** `12 min`, `≈ 12 min`; null where it is not known. */
function lengthWords(line: Listing, name: ListedLength): string | null {
  const ms = line[`${name}Ms`];
  return ms === null ? null : markApproximate(roughDuration(ms), line.approximate[name]);
}

/** `Rang ≈ 30 s, not answered`, or why it was not. */
function missedDetail(line: Listing): string {
  const { disconnectType } = line;
  const why = missedWords(disconnectType);
  const length = lengthWords(line, 'alerting');
  if (length === null) return why;
  switch (disconnectType) {
    case null:
    case 'system':
    case 'timeout':
      return say('review.row.rang', { length });
    default:
      return joinClauses([say('review.row.rangOnly', { length }), why]);
  }
}

/** `you shared ≈ 12 min`, `viewed ≈ 31 min`. */
function roleWords(line: Listing): string {
  if (line.role === 'sharing') {
    const length = lengthWords(line, 'onAir');
    return length === null ? say('review.row.sharedOnly') : say('review.row.shared', { length });
  }
  const length = lengthWords(line, 'connected');
  return length === null ? say('review.row.viewedOnly') : say('review.row.viewed', { length });
}

function clauses(line: Listing, ending: string): readonly string[] {
  const code = codeOf(line);
  switch (line.glyph) {
    case 'missed':
      return [missedDetail(line)];
    case 'alerting':
    case 'connecting':
    case 'viewing':
    case 'sharing':
      return [phaseTitle(line.glyph), say('review.row.goesOn'), code];
    case 'wrapUp':
    case 'wrappedUp':
    case 'idle':
      return code === '' ? [capital(roleWords(line)), ending] : [code, roleWords(line), ending];
    default:
      return unreachable(line.glyph);
  }
}

function cellsOf(line: Listing): RowCells {
  const code = codeOf(line);
  const live = clauses(line, '');
  const lasted = line.glyph === 'wrapUp' || line.glyph === 'wrappedUp' || line.glyph === 'idle';
  return {
    who: joinClauses([line.agent ?? '', line.peer ?? '']),
    queue: line.queue ?? '',
    code: lasted ? code : joinClauses(live),
    sharing: lengthWords(line, 'onAir') ?? '',
    length: lengthWords(line, 'connected') ?? '',
  };
}

function toneOf({ glyph, role }: Listing): RowWords['tone'] {
  if (glyph === 'missed' || glyph === 'alerting' || glyph === 'connecting') return 'alerting';
  return role;
}

/**
 * @param now epoch ms: which day is today, and what is too old to be sent
 */
export function rowWords(line: Listing, now: number, locale: string): RowWords {
  const time = timeOfDay(line.at, locale);
  const title = joinClauses([line.agent ?? '', titleOf(line)]);
  const mark = markOf(line, now);
  const spoken = clauses(line, line.disconnectType === null ? '' : endedWords(line.disconnectType));
  return {
    time,
    day: dayWords(line.at, now, locale),
    title,
    detail: joinClauses(clauses(line, shortEnding(line.disconnectType))),
    mark,
    tone: toneOf(line),
    cells: cellsOf(line),
    name: say('review.row.name', {
      date: spokenDate(line.at, locale),
      time,
      title,
      detail: spoken.filter((clause) => clause !== '').join(', '),
      mark: say(`review.mark.spoken.${mark.glyph}`),
    }),
  };
}
