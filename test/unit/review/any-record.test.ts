import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import { compare } from '../../../domain/review/wrapup-comparison.ts';
import { fieldSections } from '../../../domain/review/record-fields.ts';
import { summaryOf } from '../../../domain/review/record-summary.ts';
import { listingOf } from '../../../domain/review/record-listing.ts';
import { rowWords } from '../../../domain/review/row-words.ts';
import { timelineOf } from '../../../domain/review/timeline.ts';
import { submission, draft } from '../domain/known.ts';
import { anyDay, onTheWire, type Day } from '../domain/day.ts';
import { context, ms, read } from '../domain/wire.ts';

/** Every record of a random day, as the wire told it. */
function recordsOf(day: Day): Communication[] {
  let known: Communication[] = [];
  day.told.forEach((told, index) => {
    const changed = reduceConversation(known, read(onTheWire(day, told)), context(index * 10));
    known = [...known.filter(({ key }) => !changed.some((other) => other.key === key)), ...changed];
  });
  return known;
}

/** Every text a reading of a record shows. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('any record of any day', () => {
  const clocks = fc.option(
    fc.record({
      cloudOffsetMs: fc.integer({ min: -1e7, max: 1e7 }),
      cloudUncertaintyMs: fc.nat({ max: 5000 }),
      providerOffsetMs: fc.integer({ min: -1e7, max: 1e7 }),
    }),
  );

  it('can be looked back on, with nothing unsaid and no length below zero', () => {
    let records = 0;
    fc.assert(
      fc.property(anyDay, clocks, fc.boolean(), (day, told, decided) => {
        for (const record of recordsOf(day)) {
          records += 1;
          const communication = told ? { ...record, clocks: told } : record;
          const detail = {
            communication,
            draft: decided ? null : draft(communication),
            submissions: decided ? [submission(communication)] : [],
            facts: day.told.length,
            codeNames: {},
          };
          const line = listingOf(communication, detail.draft ?? undefined, detail.submissions[0]);
          for (const length of [line.alertingMs, line.connectedMs, line.onAirMs, line.workMs])
            expect(length ?? 0).toBeGreaterThanOrEqual(0);

          const row = rowWords(line, ms(3600), 'en');
          const timeline = timelineOf(detail, { now: ms(3600), locale: 'en' });
          const sections = fieldSections(detail, 'en');
          const headline = summaryOf(detail, { now: ms(3600), locale: 'en' });
          for (const said of [
            row.title,
            row.detail,
            row.mark.words,
            row.name,
            headline.title,
            headline.detail,
          ])
            expect(said.trim()).not.toBe('');
          expect(timeline.lanes.every(({ spans, missing }) => spans.length > 0 || missing !== '')).toBe(true);
          expect(sections.flatMap(({ lines }) => lines).every(({ words }) => words !== '')).toBe(true);
          for (const said of textsIn([row, timeline, sections, headline, compare(detail, 'en')]))
            expect(said).not.toMatch(/undefined|NaN|Invalid Date|\[object/);
        }
      }),
    );
    expect(records).toBeGreaterThan(40);
  });
});
