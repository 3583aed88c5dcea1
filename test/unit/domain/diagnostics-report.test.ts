import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildReport, type KnownWords } from '../../../domain/diagnostics-report.ts';

const nobody: KnownWords = { machine: [], people: [], paths: [] };
let seed = 0;
/** Looks random, and is the same in every run. */
const random = (digits: number): string => {
  seed += 1;
  return createHash('sha512').update(String(seed)).digest('hex').slice(0, digits);
};

function reportOf(found: string, known: Partial<KnownWords> = {}): string {
  const steps = [
    { name: 'Program', found: 'Sharelight 1.0.0' },
    { name: 'Log', found },
  ];
  const built = buildReport('# Sharelight diagnostics', steps, { ...nobody, ...known }, random);
  if (!built.ok) throw new Error(built.reason);
  return built.value;
}

describe('a diagnostics report', () => {
  it('has numbered steps, a list of what was removed, and a self-check that found none of its canaries', () => {
    const report = reportOf('\n    Bearer abc123DEF\n    from ana@example.com and bo@example.com');
    expect(report.match(/^\d+\. \*\*[\w-]+\*\*/gm)).toEqual([
      '1. **Program**',
      '2. **Log**',
      '3. **Removed**',
      '4. **Self-check**',
    ]);
    expect(report).toContain('    - e-mail addresses: 2\n    - tokens and secrets: 1\n');
    expect(report).toMatch(/11 canaries planted \(an access token, .*a note\), none found/);
    expect(report.toLowerCase()).not.toMatch(/abc123def|example\.com|canary \w/);
  });

  it('says so where nothing had to be removed', () => {
    expect(reportOf('all is well')).toContain('**Removed**: nothing had to be removed');
  });

  it('names nobody from the records, whole words only and in any spelling, nor what was written about them', () => {
    const report = reportOf('ANA LIMA is no code; the analysis of Ana: wants\nher money back (asap)', {
      people: ['Ana Lima', 'Ana', 'wants\nher money back (asap)', 'x'],
    });
    expect(report).toContain('… is no code; the analysis of …: …');
    expect(report).not.toMatch(/lima|money/i);
    expect(report).toContain('names and notes from records: 3');
    expect(report).toContain('4 names and notes of records looked for, none left');
  });

  it('finds long notes too, among very many names, and at once', () => {
    const note = 'She wants to be called back on Monday. '.repeat(30).trim();
    const names = Array.from({ length: 2_000 }, (_none, index) => `Customer ${String(index)}`);
    const report = reportOf(`"${note}" of Customer 1999\n${'    a line of the log\n'.repeat(60)}`, {
      people: [...names, note],
    });
    expect(report).toContain('"…" of …');
    expect(report).not.toMatch(/Monday|Customer/);
  });

  it('names neither the account nor its folders', () => {
    const report = reportOf('/people/ana/.config/Sharelight/memory, /people/ana/x on desk-17', {
      machine: ['ana', 'desk-17'],
      paths: [
        ['/people/ana/.config/Sharelight', '<data folder>'],
        ['/people/ana', '~'],
      ],
    });
    expect(report).toContain('<data folder>/memory, ~/x on …');
    expect(report).toContain('folders of this account: 2');
  });

  it('does not leave the machine where a canary got through', () => {
    const words = ['everything that could be cut is cut'];
    const built = buildReport('#', [], { ...nobody, people: words }, () => '');
    // Without randomness the planted secrets are too short to be seen by the rules.
    expect(built).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^The self-check found .* in the report\.$/) as string,
    });
  });
});
