import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import { readImportedLine } from '../../../domain/review/imported-record.ts';
import { exportImported } from '../review/exported-again.ts';
import { writeExport, type ExportOptions } from '../../../electron/store/export.ts';
import { communication, settled } from './examples.ts';

const record = (change: Parameters<typeof settled>[0] = {}): ExportedRecord =>
  exportRecord(settled(change), undefined, undefined);

async function* from(records: readonly ExportedRecord[]): AsyncGenerator<ExportedRecord> {
  for (const one of records) yield await Promise.resolve(one);
}

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    setImmediate(done);
  }
}

async function written(records: readonly ExportedRecord[], options: ExportOptions): Promise<string> {
  const to = new Collected({ highWaterMark: 16 });
  await writeExport(from(records), to, options);
  expect(to.writableEnded).toBe(false);
  return to.text;
}

/** Reads RFC 4180 back, so that the test does not repeat how it is written. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let row: string[] = [];
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    row.push((match[1] ?? match[2] ?? '').replaceAll('""', '"'));
    if (match[3] === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  expect(rows.join().length).toBeGreaterThan(0);
  return rows;
}

async function csvOf(one: ExportedRecord, redact = false): Promise<Record<string, string>> {
  const rows = parseCsv(await written([one], { format: 'csv', redact }));
  const [names = [], cells = []] = rows;
  expect(rows).toHaveLength(2);
  expect(cells).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
}

describe('JSON', () => {
  it('is an array of whole records, unknown fields included', async () => {
    const records = [record(), record({ communicationId: 'second' })];
    expect(JSON.parse(await written(records, { format: 'json', redact: false }))).toEqual(records);
  });

  it('is an empty array when there is nothing', async () => {
    expect(JSON.parse(await written([], { format: 'json', redact: false }))).toEqual([]);
  });

  it('is one record a line as NDJSON', async () => {
    const records = [record({ peerName: 'two\nlines' }), record({ communicationId: 'second' })];
    const lines = (await written(records, { format: 'ndjson', redact: false })).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(records);
  });
});

describe('CSV', () => {
  it('is flat under the same names, with lists and objects as JSON text', async () => {
    const one = record();
    const row = await csvOf(one);
    expect(row).toMatchObject({
      conversationId: 'conversation-1',
      role: 'sharing',
      media: 'screenshare',
      'screenshare.state': 'disconnected',
      'screenshare.sharing': 'false',
      'screenshare.peerCount': '1',
      'screenshare.provider': '',
      'wrapup.code': 'code-1',
      'wrapup.state': 'elsewhere',
      answered: 'true',
      revisions: '3',
    });
    expect(JSON.parse(row['screenshare.segments'] ?? '')).toEqual(one.screenshare.segments);
    expect(JSON.parse(row['screenshare.wrapup'] ?? '')).toEqual(one.screenshare.wrapup);
    expect(row).not.toHaveProperty('redacted');
  });

  it('keeps commas, quotes, line ends and every alphabet', async () => {
    const peerName = 'Ana, "the\r\nboss"; Łukasz 李 😀';
    expect(await csvOf(record({ peerName }))).toMatchObject({ peerName });
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['\n=1', "'\n'=1"],
    ['\tx', "'\tx"],
    // Where cells are parted at semicolons, and quotes inside one do not keep it together.
    ['Billing;=1+1', "Billing;'=1+1"],
    ['Billing;"=1+1', 'Billing;\'"=1+1'],
    ['a\t@x\n＋1', "a\t'@x\n'＋1"],
    ['a; =1, b=1', 'a; =1, b=1'],
  ])('runs no formula: %j', async (formula, cell) => {
    expect(await csvOf(record({ peerName: formula, queueName: formula }))).toMatchObject({
      peerName: cell,
      queueName: cell,
    });
  });

  it.each([';', '\t'])('begins no cell with a formula where cells are parted at %j', async (separator) => {
    const begins = fc.stringMatching(/^[ab;,"\t\r\n=+@＝-]{0,12}$/);
    await fc.assert(
      fc.asyncProperty(begins, begins, async (peerName, queueName) => {
        const text = await written([record({ peerName, queueName })], { format: 'csv', redact: false });
        // Whatever becomes of the quotes: as they are, or as what keeps cells together.
        for (const cell of text.split(/\r\n|\r|\n/).flatMap((line) => line.split(separator)))
          expect(cell).not.toMatch(/^"*[=+\-@＝]/);
      }),
    );
  });

  it('says what was masked before, of records that come from a masked file', async () => {
    const [masked = ''] = (await written([record()], { format: 'ndjson', redact: true })).split('\n');
    const read = readImportedLine(masked);
    if (!read.ok) throw new Error(read.reason);
    const again = exportImported(read.value);
    const told = (JSON.parse(masked) as { redacted: string[] }).redacted.join(' ');
    const rows = parseCsv(await written([again, record()], { format: 'csv', redact: false, opened: true }));
    expect(rows.map((row) => row.at(-1))).toEqual(['redacted', told, '']);
    expect(told).toContain('peerName');
  });

  it('is marked as UTF-8 in a file, and as nothing in a pipe', async () => {
    const options = { format: 'csv', redact: false } as const;
    expect(await written([], { ...options, marked: true })).toMatch(/^\uFEFFconversationId,/);
    expect(await written([], options)).toMatch(/^conversationId,/);
  });
});

describe('redaction', () => {
  const telling = (): ExportedRecord =>
    record({
      screenshare: {
        ...settled().screenshare,
        context: 'room-7@conference.example.com',
        wrapup: { code: 'code-1', name: 'Resolved', notes: 'call Ana back', tags: ['vip Ana'] },
        segments: [{ type: 'interact', startTime: '2025-03-04T10:00:05.000Z', subject: 'Ana asks' }],
        fromANewerServer: { customer: 'Ana' },
      },
    });
  const masked = [
    'peerName',
    'screenshare.context',
    'screenshare.fromANewerServer',
    'screenshare.segments.subject',
    'screenshare.wrapup.notes',
    'screenshare.wrapup.tags',
    'wrapup.notes',
  ];

  it.each(['json', 'ndjson', 'csv'] as const)('leaves no personal word in %s', async (format) => {
    const text = await written([telling()], { format, redact: true });
    expect(text).not.toMatch(/Ana|room-7/);
    expect(text).toContain('Resolved');
    expect(text).toContain('Billing');
  });

  it('says in each record what was masked', async () => {
    const [one] = JSON.parse(await written([telling()], { format: 'json', redact: true })) as Record<
      string,
      unknown
    >[];
    expect(one).toMatchObject({
      peerName: '[redacted]',
      redacted: masked,
      wrapup: { code: 'code-1', name: 'Resolved', notes: '[redacted]' },
      screenshare: {
        segments: [{ type: 'interact', startTime: '2025-03-04T10:00:05.000Z', subject: '[redacted]' }],
        disconnectType: 'client',
      },
    });
    expect((await csvOf(telling(), true))['redacted']).toBe(masked.join(' '));
  });

  it('says so when there was nothing to mask', async () => {
    const { peerName: _peer, ...nobody } = communication({ screenshare: { id: 'x', state: 'alerting' } });
    const plain = exportRecord(nobody, undefined, undefined);
    expect(JSON.parse(await written([plain], { format: 'ndjson', redact: true }))).toEqual({
      ...plain,
      redacted: [],
    });
  });
});

describe('the stream', () => {
  it('takes records only as fast as they are written', async () => {
    let made = 0;
    let taken = 0;
    let ahead = 0;
    async function* endless(): AsyncGenerator<ExportedRecord> {
      for (; made < 3_000; made += 1) {
        ahead = Math.max(ahead, made - taken);
        yield await Promise.resolve(record());
      }
    }
    const slow = new Writable({
      highWaterMark: 1_024,
      write(_chunk, _encoding, done) {
        taken += 1;
        setImmediate(done);
      },
    });
    await writeExport(endless(), slow, { format: 'ndjson', redact: false });
    expect(made).toBe(3_000);
    expect(ahead).toBeLessThan(200);
  });

  it('fails when its reader goes away or its source breaks', async () => {
    const gone = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    await expect(writeExport(from([record()]), gone, { format: 'json', redact: false })).rejects.toThrow(
      'EPIPE',
    );
    async function* breaking(): AsyncGenerator<ExportedRecord> {
      yield await Promise.resolve(record());
      throw new Error('the disk is gone');
    }
    await expect(writeExport(breaking(), new Collected(), { format: 'json', redact: false })).rejects.toThrow(
      'the disk is gone',
    );
  });
});
