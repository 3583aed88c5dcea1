import fc from 'fast-check';
import type { Submission, Draft } from '../../../domain/submissions.ts';
import { codeKey } from '../../../domain/model/code-names.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { listingOf, type Listing } from '../../../domain/review/record-listing.ts';
import type { Figure, FigureKind } from '../../../domain/review/chart-figures.ts';
import { everything, type ReviewOrder, type ReviewQuery } from '../../../domain/review/query.ts';
import { isFoundBy, searchWords } from '../../../domain/words/search-words.ts';
import { communication, submission, draft, settled } from './values.ts';

/** What a review answers, in plain JavaScript over a plain list; and records and queries to compare it with. */

/** One record and what the agent wrote about it. */
export interface Example {
  readonly communication: Communication;
  readonly draft: Draft | null;
  readonly submission: Omit<Submission, 'order'> | null;
}

export const listed = ({ communication: record, draft: written, submission: decided }: Example): Listing =>
  // As the database does: a submission takes the draft it came from away.
  listingOf(
    record,
    decided || !written ? undefined : written,
    decided ? { ...decided, order: 1 } : undefined,
  );

const has = (text: string | null, asked: string): boolean => {
  const words = searchWords(text ?? '');
  return searchWords(asked).every((word) => words.some((each) => isFoundBy(each, word)));
};

function compares({ compare, ms }: NonNullable<ReviewQuery['sharing']>, length: number): boolean {
  switch (compare) {
    case '>':
      return length > ms;
    case '<':
      return length < ms;
    case '>=':
      return length >= ms;
    case '<=':
      return length <= ms;
    case '=':
      return length === ms;
  }
}

function fits(line: Listing, query: ReviewQuery): boolean {
  const { since, until, role, missed, sharing, wrapup } = query;
  const all = [line.peer, line.queue, line.codeName, line.notes].join(' ');
  return (
    query.words.every((word) => has(all, word)) &&
    query.code.every((code) => code === line.code || has(line.codeName, code)) &&
    query.queue.every((queue) => has(line.queue, queue)) &&
    (since === null || line.at >= since) &&
    (until === null || line.at < until) &&
    (role === null || line.role === role) &&
    (!missed || line.missed) &&
    (sharing === null || (line.onAirMs !== null && compares(sharing, line.onAirMs))) &&
    (wrapup === null || line.wrapup === wrapup)
  );
}

const codeNameOf = (line: Listing): string | null => line.codeName ?? line.code;

function sortedBy(line: Listing, { by }: ReviewOrder): string | number | null {
  const name = (text: string | null): string | null =>
    text === null ? null : `${searchWords(text).join(' ')}\u0001${text}`;
  switch (by) {
    case 'time':
      return line.at;
    case 'peer':
      return name(line.peer);
    case 'queue':
      return name(line.queue);
    case 'code':
      return name(codeNameOf(line));
    case 'sharing':
      return line.onAirMs;
    case 'length':
      return line.connectedMs;
  }
}

function compareValues(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
}

/** What has an order: lines that are alike in it, and of one ms, have none among themselves. */
export const ordered = (lines: readonly Listing[], order: ReviewOrder): string[] =>
  lines.map((line) => {
    const { at, peer, queue, code, codeName, onAirMs, connectedMs } = line;
    const value = { time: at, peer, queue, code: codeName ?? code, sharing: onAirMs, length: connectedMs };
    return JSON.stringify([at, value[order.by]]);
  });

/** What fits, in that order; those of one ms have no order of their own. */
export function found(lines: readonly Listing[], query: ReviewQuery, order: ReviewOrder): Listing[] {
  return lines
    .filter((line) => fits(line, query))
    .sort((one, other) => {
      const values = [sortedBy(one, order), sortedBy(other, order)] as const;
      const [first, second] = values;
      if (first === null || second === null) {
        return first === second ? other.at - one.at : first === null ? 1 : -1;
      }
      const difference = compareValues(first, second) * (order.descending ? -1 : 1);
      return difference || other.at - one.at;
    });
}

function groupOf(line: Listing, by: FigureKind): string {
  const date = new Date(line.at);
  switch (by) {
    case 'hour':
      return String(date.getHours()).padStart(2, '0');
    case 'week':
      date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
      return dayOf(date);
    case 'day':
      return dayOf(date);
    case 'queue':
      return line.queue ?? '';
    case 'code':
      return codeNameOf(line) ?? '';
  }
}

const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, '0')).join('-');

const codeIn = (line: Listing): string[] => (codeNameOf(line) === null ? [] : [codeKey(line.code ?? '')]);

function nameOf([line]: readonly Listing[], by: FigureKind): Pick<Figure, 'name' | 'code'> {
  if (!line) throw new Error('A group has a line.');
  const [code] = by === 'code' ? codeIn(line) : [];
  return { name: groupOf(line, by), ...(code === undefined ? {} : { code }) };
}

export function figures(lines: readonly Listing[], query: ReviewQuery, by: FigureKind): Figure[] {
  const groups = new Map<string, Listing[]>();
  for (const line of lines.filter((each) => fits(each, query))) {
    // Two codes of one name are two.
    const group = JSON.stringify([groupOf(line, by), ...(by === 'code' ? codeIn(line) : [])]);
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  const sum = (numbers: readonly (number | null)[]): number =>
    numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
  const bars = [...groups.values()].map((group) => ({
    ...nameOf(group, by),
    shares: group.length,
    missed: group.filter(({ missed }) => missed).length,
    timedOut: group.filter(({ wrapup }) => wrapup === 'timedOut').length,
    onAirMs: sum(group.map(({ onAirMs }) => onAirMs)),
    workMs: sum(group.map(({ workMs }) => workMs)),
  }));
  const byText = (one: Figure, other: Figure): number => compareValues(one.name, other.name);
  return by === 'hour' || by === 'day' || by === 'week'
    ? bars.sort(byText)
    : bars.sort((one, other) => other.shares - one.shares || byText(one, other));
}

/** Around the change to summer time of 2025 in Europe, whatever zone this machine is in. */
const firstMoment = Date.parse('2025-03-28T09:00:00.000Z');
const spanMs = 4 * 24 * 3_600_000;

const peers = [
  'Ana Lima',
  'ána LIMA',
  'Ángel Ñandú',
  'Bo',
  "Niamh O'Brien",
  '田中 太郎',
  'Zoë-Lou',
  '\u0000\u0001 x',
  '',
];
const queues = ['Billing', 'billing', 'After sales', 'Технічна'];
const codes = [
  ['code-1', 'Resolved'],
  ['code-2', 'Follow-up needed'],
  ['Re', 'Escalated'],
  ['ININ-WRAP-UP-TIMEOUT', null],
] as const;
const noteWords = [
  'screen',
  'Screen',
  'shared',
  'résumé',
  'invoice-12',
  'in',
  'inv',
  '😀',
  '\ud800',
  'カード',
];

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const notes = fc.array(fc.constantFrom(...noteWords), { maxLength: 6 }).map((words) => words.join(' '));
/** Coarse, so that records share moments and lengths. */
export const moments = fc.nat(spanMs / 600_000).map((step) => firstMoment + step * 600_000);
const lengthMs = fc.nat(12).map((step) => step * 60_000);
const iso = (ms: number): string => new Date(ms).toISOString();

function recordNumber(number: number): fc.Arbitrary<Communication> {
  const parts = {
    at: moments,
    peer: maybe(fc.constantFrom(...peers)),
    queue: maybe(fc.constantFrom(...queues)),
    code: maybe(fc.constantFrom(...codes)),
    kind: fc.constantFrom('live', 'missed', 'settled', 'settled'),
    onAir: maybe(lengthMs),
    work: lengthMs,
    notes,
  };
  return fc.record(parts).map(({ at, peer, queue, code, kind, onAir, work, notes: said }) => {
    const change = {
      conversationId: `conversation-${number % 7}`,
      participantId: `participant-${number}`,
      communicationId: `c${number}`,
      alertedAt: iso(at),
      onAir: onAir === null ? [] : [{ from: iso(at), to: iso(at + onAir) }],
      answered: kind !== 'missed',
    };
    const {
      peerName: _peer,
      queueName: _queue,
      ...bare
    } = (kind === 'live' ? communication : settled)(change);
    const ended = iso(at + (onAir ?? 60_000));
    const over = {
      ...bare.screenshare,
      connectedTime: iso(at),
      disconnectedTime: ended,
      afterCallWork: { state: 'complete', startTime: ended, endTime: iso(Date.parse(ended) + work) },
      wrapup: code && { code: code[0], name: code[1], notes: said },
    };
    return {
      ...bare,
      ...(peer === null ? {} : { peerName: peer }),
      ...(queue === null ? {} : { queueName: queue }),
      screenshare: kind === 'live' ? bare.screenshare : over,
    };
  });
}

function exampleNumber(number: number): fc.Arbitrary<Example> {
  const words = fc.record({ code: maybe(fc.constantFrom(...codes)), notes });
  const states = fc.constantFrom('waiting', 'confirmed', 'conflict', 'dropped', 'failed');
  return fc
    .record({ record: recordNumber(number), drafted: maybe(words), decided: maybe(words), state: states })
    .map(({ record, drafted, decided, state }) => {
      const { key, conversationId, participantId, communicationId } = record;
      const of = { key, conversationId, participantId, communicationId };
      const said = (of: { code: (typeof codes)[number] | null; notes: string }) => ({
        code: of.code?.[0] ?? null,
        name: of.code?.[1] ?? null,
        notes: of.notes,
      });
      return {
        communication: record,
        draft: drafted && draft({ key, ...said(drafted) }),
        submission: decided && {
          ...submission({ id: `submission ${number}`, ...said(decided), state }),
          ...of,
        },
      };
    });
}

export const examples = fc
  .integer({ min: 1, max: 40 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, number) => exampleNumber(number))));

const asked = fc.constantFrom(
  'a',
  'ana',
  'lima',
  's',
  'scr',
  'résu',
  'in',
  'inv',
  '12',
  'bill',
  'ill',
  'lim',
  'rie',
  'een',
  '😀',
  'o',
  'Brien',
  '太',
  'カ',
  'zzz',
);
const few = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arbitrary, { maxLength: 2 });

export const queries: fc.Arbitrary<ReviewQuery> = fc.record({
  words: few(asked),
  code: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    few(fc.constantFrom('re', 'follow-up', 'needed', 'Re', 'code-1', 'ININ-WRAP-UP-TIMEOUT', 'screen')),
  ),
  queue: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    few(fc.constantFrom('bill', 'after s', 'тех', 'ana')),
  ),
  since: maybe(moments),
  until: maybe(moments),
  role: maybe(fc.constantFrom('viewing', 'sharing')),
  missed: fc.boolean().map((missed) => missed),
  sharing: maybe(fc.record({ compare: fc.constantFrom('>', '<', '>=', '<=', '='), ms: lengthMs })),
  wrapup: maybe(
    fc.constantFrom('draft', 'waiting', 'sent', 'conflict', 'skipped', 'timedOut', 'open', 'missed'),
  ),
});

/** Mostly one thing at a time: random queries that ask for everything at once find nothing. */
export const likelyQueries: fc.Arbitrary<ReviewQuery> = fc
  .tuple(queries, fc.subarray(Object.keys(everything) as (keyof ReviewQuery)[], { maxLength: 2 }))
  .map(([query, parts]) => ({
    ...everything,
    ...Object.fromEntries(parts.map((part) => [part, query[part]])),
  }));

export const orders: fc.Arbitrary<ReviewOrder> = fc.record({
  by: fc.constantFrom('time', 'peer', 'queue', 'code', 'sharing', 'length'),
  descending: fc.boolean(),
});
