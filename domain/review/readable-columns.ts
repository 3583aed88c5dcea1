import { alertingTime, connectedTime, happenedAt, workTime } from '../communication/moments.ts';
import type { Communication } from '../communication/communication.ts';
import { outcomeWords } from '../communication/wrapup-outcome.ts';
import { onAirTime } from '../communication/on-air.ts';
import { legStateOf } from '../communication/phase.ts';
import type { Duration } from '../clocks/time.ts';
import type { ExportedRecord } from '../exported-record.ts';
import { codeWords, endingWords, partWords } from '../words/communication-words.ts';
import type { CsvCell } from '../words/csv-line.ts';
import { inEnglish, say, type MessageKey } from '../words/say.ts';
import { isoDate, isoTime, tableDuration } from '../words/time-words.ts';
import { exposureSection } from './exposure-words.ts';
import { communicationOf } from './imported-record.ts';

/**
 * A table of records for people: headings in words, lengths as a spreadsheet adds them up (`h:mm:ss`). It says the same
 * about the same records, whenever and however often it is written: in English, whatever the agent reads, for tables of
 * several agents are put together.
 */
export interface ReadableColumn {
  readonly heading: string;
  readonly of: (record: ExportedRecord) => CsvCell;
}

interface Read {
  readonly record: ExportedRecord;
  readonly communication: Communication;
}

const length = (time: Duration | null): CsvCell => (time === null ? null : tableDuration(time.ms));

/** Who could see the agent's screen, a line for each. */
function watchersOf({ record: { exposure }, communication }: Read): CsvCell {
  if (exposure === null || exposure.people.length === 0) return null;
  const { lines } = exposureSection(communication, 'en-GB');
  return lines
    .slice(-exposure.people.length)
    .map(({ name, words }) => `${name}: ${words}`)
    .join('\n');
}

function codeOf({ record: { wrapup } }: Read): CsvCell {
  const isNone = wrapup === null || (wrapup.code === null && wrapup.name === null);
  return isNone ? null : codeWords(wrapup.name, wrapup.code);
}

/** The most at any time. */
function peopleOf({ record: { exposure } }: Read): CsvCell {
  if (exposure === null || exposure.counts.length === 0) return null;
  return exposure.counts.reduce((most, { count }) => Math.max(most, count), 0);
}

function endOf({ communication }: Read): string {
  return legStateOf(communication) === 'over' ? endingWords(communication) : say('review.row.goesOn');
}

const columns: readonly (readonly [heading: MessageKey, of: (read: Read) => CsvCell])[] = [
  ['review.table.date', ({ communication }) => isoDate(happenedAt(communication))],
  ['review.table.time', ({ communication }) => isoTime(happenedAt(communication))],
  ['review.plain.customer', ({ record }) => record.peerName],
  ['review.plain.queue', ({ record }) => record.queueName],
  ['review.plain.part', ({ communication }) => partWords(communication)],
  ['review.table.state', ({ record }) => outcomeWords(record.outcome)],
  ['prompt.code', codeOf],
  ['prompt.notes', ({ record }) => record.wrapup?.notes],
  ['review.table.ringing', ({ communication }) => length(alertingTime(communication))],
  ['review.table.connected', ({ communication }) => length(connectedTime(communication))],
  ['review.table.onAir', ({ communication }) => length(onAirTime(communication))],
  ['review.table.work', ({ communication }) => length(workTime(communication))],
  ['review.table.people', peopleOf],
  ['review.exposure', watchersOf],
  ['review.plain.ending', endOf],
  ['review.table.media', ({ record }) => say(`review.table.media.${record.media}`)],
  ['review.table.conversation', ({ record }) => record.conversationId],
  ['review.table.participant', ({ record }) => record.participantId],
];

/** The record is read once, however many columns ask. */
const readOnce = new WeakMap<ExportedRecord, Communication>();
function communicationFrom(record: ExportedRecord): Communication {
  const known = readOnce.get(record);
  if (known) return known;
  const communication = communicationOf(record);
  readOnce.set(record, communication);
  return communication;
}

export const readableColumns: readonly ReadableColumn[] = columns.map(([heading, of]) => ({
  heading: inEnglish(() => say(heading)),
  of: (record) => inEnglish(() => of({ record, communication: communicationFrom(record) })),
}));
