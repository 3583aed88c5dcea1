import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportRecord } from '../../../domain/exported-record.ts';
import { readImportedLine } from '../../../domain/review/imported-record.ts';
import { addImported } from '../../../electron/store/import-records.ts';
import { openEngine } from '../../../electron/store/engine.ts';
import { migrate } from '../../../electron/store/migrations/migrate.ts';
import { pageOfRecords } from '../../../electron/store/records.ts';
import { runs } from '../size.ts';
import { communication, draft, hexOf, settled, temporaryFolder, testKey } from '../store/examples.ts';
import { expectNothingInherited, malformed } from './hostile.ts';

/** Lines of a file that somebody has edited, as "Open a file…" reads them: in a thread of their own, so none is timed. */

const samples = [
  exportRecord(settled(), undefined, undefined),
  exportRecord(communication(), draft(), undefined),
  { ...exportRecord(settled(), undefined, undefined), ofALaterVersion: { kept: true } },
];
const anyLine = malformed(samples);
const linesInABatch = 25;

describe('lines of an exported file', () => {
  it(
    'are records, or refused with a reason',
    () => {
      fc.assert(
        fc.property(anyLine, (text) => {
          const read = readImportedLine(text);
          if (!read.ok) expect(read.reason).toMatch(/^[^\p{Cc}]+$/u);
          expectNothingInherited();
        }),
        runs('MALFORMED', 2_000),
      );
    },
    24 * 3_600_000,
  );

  it(
    'are in the database as they were read, and all of it stays readable',
    () => {
      const { numRuns, ...from } = runs('MALFORMED', 500);
      const engine = openEngine(path.join(temporaryFolder(), 'memory.db'), hexOf(testKey()), false);
      migrate(engine);
      let known = 0;
      fc.assert(
        fc.property(fc.array(anyLine, { minLength: 1, maxLength: linesInABatch }), (texts) => {
          const lines = texts.map((text, index) => ({ number: index + 1, text }));
          const { records, problems } = engine.transaction(() => addImported(engine, lines));
          const refused = texts.filter((text) => !readImportedLine(text).ok);
          expect(problems).toHaveLength(refused.length);
          expect(records).toBeGreaterThanOrEqual(known);
          expect(records - known).toBeLessThanOrEqual(texts.length - refused.length);
          known = records;
        }),
        { numRuns: Math.ceil(numRuns / linesInABatch), ...from },
      );
      let read = 0;
      let after: number | null = -1;
      while (after !== null) {
        const page = pageOfRecords(engine, {}, after, 500);
        expect(page.unread).toBe(0);
        read += page.records.length;
        after = page.next;
      }
      expect(read).toBe(known);
      engine.close();
    },
    24 * 3_600_000,
  );
});
