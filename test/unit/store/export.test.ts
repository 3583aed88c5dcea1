import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import { readImportedLine } from '../../../domain/review/imported-record.ts';
import { exportImported } from '../review/exported-again.ts';
import { writeExport, type ExportOptions } from '../../../electron/store/export.ts';
import { settled } from './examples.ts';

const key = new Uint8Array(32).fill(1);

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

async function csvOf(
  one: ExportedRecord,
  maskKey: Uint8Array | null = null,
): Promise<Record<string, string>> {
  const rows = parseCsv(await written([one], { format: 'csv', maskKey }));
  const [names = [], cells = []] = rows;
  expect(rows).toHaveLength(2);
  expect(cells).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
}

describe('JSON', () => {
  it('is an array of whole records, unknown fields included', async () => {
    const records = [record(), record({ communicationId: 'second' })];
    expect(JSON.parse(await written(records, { format: 'json', maskKey: null }))).toEqual(records);
  });

  it('is an empty array when there is nothing', async () => {
    expect(JSON.parse(await written([], { format: 'json', maskKey: null }))).toEqual([]);
  });

  it('is one record a line as NDJSON', async () => {
    const records = [record({ peerName: 'two\nlines' }), record({ communicationId: 'second' })];
    const lines = (await written(records, { format: 'ndjson', maskKey: null })).split('\n');
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
      outcome: 'elsewhere',
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

  const guarded = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '＝1+1',
    '\t=1',
    '\r=1',
    '\n=1',
    ' \u00A0=1',
    '\u200B=1',
    '\uFEFF-1',
    '\u202E@x',
    '\u00AD+1',
    '\u3164=1',
    '\0=1',
    "'=1",
  ];
  it.each(guarded)('runs no formula: %j', async (formula) => {
    expect(await csvOf(record({ peerName: formula, queueName: formula }))).toMatchObject({
      peerName: `'${formula}`,
      queueName: `'${formula}`,
    });
  });

  it.each([
    'Called back.\n- asked for a refund\n- was sent one',
    'Billing;=1+1',
    "'quoted'",
    '\tx',
    '– = 1',
    '',
  ])('is as it was written otherwise: %j', async (words) => {
    expect(await csvOf(record({ peerName: words, queueName: words }))).toMatchObject({
      peerName: words,
      queueName: words,
    });
  });

  it('reads back as it was, whatever was written', async () => {
    const invisible = /^'(?='*[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠])/u;
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^['\s\u200B=+@＝-]{0,6}[ab",;\r\n-]{0,6}$/),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (peerName) => {
        const { peerName: cell = '' } = await csvOf(record({ peerName }));
        expect(cell).not.toMatch(/^[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠]/u);
        expect(cell.replace(invisible, '')).toBe(peerName);
      }),
    );
  });

  it('says what was masked before, of records that come from a masked file', async () => {
    const [masked = ''] = (await written([record()], { format: 'ndjson', maskKey: key })).split('\n');
    const read = readImportedLine(masked);
    if (!read.ok) throw new Error(read.reason);
    const again = exportImported(read.value);
    const told = (JSON.parse(masked) as { redacted: string[] }).redacted.join(' ');
    const rows = parseCsv(await written([again, record()], { format: 'csv', maskKey: null, opened: true }));
    expect(rows.map((row) => row.at(-1))).toEqual(['redacted', told, '']);
    expect(told).toContain('peerName');
  });

  it('is marked as UTF-8 in a file, and as nothing in a pipe', async () => {
    const options = { format: 'csv', maskKey: null } as const;
    expect(await written([], { ...options, marked: true })).toMatch(/^\uFEFFconversationId,/);
    expect(await written([], options)).toMatch(/^conversationId,/);
  });
});

describe('redaction', () => {
  const uuid = '9b2f6a1e-7c34-4d58-8e0a-5f1b2c3d4e5f';
  /** Something that leads to a person in every place a record has. */
  const telling = (): ExportedRecord => ({
    ...record({
      conversationId: uuid,
      participantId: 'participant Ana',
      screenshare: {
        ...settled().screenshare,
        id: 'leg of Ana',
        peerId: uuid,
        context: 'room-7@conference.example.com',
        provider: 'Ana’s own',
        disconnectType: uuid,
        connectedTime: 'when Ana came',
        wrapup: {
          code: 'code-1',
          name: 'Resolved',
          notes: 'call Ana back',
          tags: ['vip Ana'],
          mood: 'Ana smiles',
        },
        segments: [
          { type: 'interact', startTime: '2025-03-04T10:00:05.000Z', subject: 'Ana asks' },
          { type: 'Ana asks', howEnded: 'ana@example.com' },
        ],
        fromANewerServer: { customer: 'Ana' },
        'Ana’s field': null,
      },
    }),
    ...{
      alertedAt: 'after Ana',
      firstSeenAt: '(Ana) 4 March 2025',
      byAna: true,
      redacted: ['byAna', 'peerName'],
    },
  });

  it.each(['json', 'ndjson', 'csv'] as const)('leaves nothing about a person in %s', async (format) => {
    const text = await written([telling()], { format, maskKey: key });
    expect(text).not.toMatch(/Ana|room-7|9b2f6a1e/i);
    expect(text).toContain('Resolved');
    expect(text).toContain('Billing');
  });

  it('says in each record what was masked', async () => {
    const [one] = JSON.parse(await written([telling()], { format: 'json', maskKey: key })) as Record<
      string,
      unknown
    >[];
    const masked = [
      '*',
      'alertedAt',
      'conversationId',
      'participantId',
      'peerName',
      'screenshare.*',
      'screenshare.connectedTime',
      'screenshare.context',
      'screenshare.disconnectType',
      'screenshare.id',
      'screenshare.peerId',
      'screenshare.provider',
      'screenshare.segments.*',
      'screenshare.segments.howEnded',
      'screenshare.segments.type',
      'screenshare.wrapup.*',
      'screenshare.wrapup.notes',
      'screenshare.wrapup.tags',
      'wrapup.notes',
    ];
    expect(one).toMatchObject({
      peerName: '[redacted]',
      redacted: masked,
      wrapup: { code: 'code-1', name: 'Resolved', notes: '[redacted]' },
      screenshare: { segments: [{ type: 'interact', startTime: '2025-03-04T10:00:05.000Z' }, {}] },
    });
    expect((await csvOf(telling(), key))['redacted']).toBe(masked.join(' '));
  });

  it('keeps together what belongs together, within exports of one key only', async () => {
    const [ours, peers] = [
      record({ conversationId: uuid }),
      record({ conversationId: uuid, screenshare: { id: 'x' } }),
    ];
    const linked = {
      ...peers,
      screenshare: { ...peers.screenshare, id: 'theirs', peerId: ours.screenshare.id },
    };
    const masked = async (maskKey: Uint8Array): Promise<ExportedRecord[]> =>
      JSON.parse(await written([ours, linked], { format: 'json', maskKey })) as ExportedRecord[];
    const [one, other] = await masked(key);
    expect(one?.conversationId).toMatch(/^[0-9a-f]{24}$/);
    expect(other?.conversationId).toBe(one?.conversationId);
    expect(other?.screenshare.peerId).toBe(one?.screenshare.id);
    expect((await masked(key))[0]).toEqual(one);
    const [again] = await masked(new Uint8Array(32).fill(2));
    expect(again?.conversationId).not.toBe(one?.conversationId);
  });

  it('keeps times, the words of the protocol, queue and code', async () => {
    const { peerName: _peer, ...nobody } = settled({
      screenshare: { ...settled().screenshare, wrapup: null },
    });
    const plain = exportRecord(nobody, undefined, undefined);
    const [one] = JSON.parse(await written([plain], { format: 'json', maskKey: key })) as ExportedRecord[];
    const { id: _id, fromANewerServer: _unknown, ...screenshare } = plain.screenshare;
    expect(one).toMatchObject({
      ...plain,
      conversationId: one?.conversationId,
      participantId: one?.participantId,
      screenshare,
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
    await writeExport(endless(), slow, { format: 'ndjson', maskKey: null });
    expect(made).toBe(3_000);
    expect(ahead).toBeLessThan(200);
  });

  it('fails when its reader goes away or its source breaks', async () => {
    const gone = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    await expect(writeExport(from([record()]), gone, { format: 'json', maskKey: null })).rejects.toThrow(
      'EPIPE',
    );
    async function* breaking(): AsyncGenerator<ExportedRecord> {
      yield await Promise.resolve(record());
      throw new Error('the disk is gone');
    }
    await expect(writeExport(breaking(), new Collected(), { format: 'json', maskKey: null })).rejects.toThrow(
      'the disk is gone',
    );
  });
});
