import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { readableColumns } from '../../../domain/review/readable-columns.ts';
import { writeExport, type ExportOptions } from '../../../electron/store/export.ts';
import { submission } from '../domain/known.ts';
import { at, live, ms, one } from '../domain/wire.ts';

const told = { ...live, connectedTime: at(8), startAlertingTime: at(0), peerCount: 2 };
const share = one(
  { leg: { ...told, sharing: true } },
  { leg: { ...told, sharing: false } },
  {
    leg: {
      ...told,
      state: 'disconnected',
      disconnectType: 'peer',
      disconnectedTime: at(34),
      afterCallWork: { state: 'complete', startTime: at(34), endTime: at(75) },
      wrapup: { code: 'code-1', name: 'Resolved', notes: 'a note' },
    },
  },
);
const exported = (communication: Communication, sent = false): ExportedRecord =>
  exportRecord(
    communication,
    undefined,
    sent ? submission(communication, { state: 'confirmed' }) : undefined,
  );
function cells(record: ExportedRecord): Record<string, unknown> {
  return Object.fromEntries(readableColumns.map(({ heading, of }) => [heading, of(record)]));
}

async function written(records: readonly ExportedRecord[], options: ExportOptions): Promise<string> {
  let text = '';
  const to = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString('utf8');
      done();
    },
  });
  await writeExport(Readable.from(records) as AsyncIterable<ExportedRecord>, to, options);
  return text;
}

describe('a table for people', () => {
  it('has headings in words, lengths that can be added up, and what became of the wrap-up', () => {
    const day = new Date(ms(0));
    const two = (value: number): string => String(value).padStart(2, '0');
    expect(cells(exported(share, true))).toMatchObject({
      Date: `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`,
      Time: `${two(day.getHours())}:${two(day.getMinutes())}:${two(day.getSeconds())}`,
      Customer: 'Ana Lima',
      Queue: 'Billing',
      'Your part': 'You shared your screen',
      'Wrap-up': 'sent by me',
      'Wrap-up code': 'Resolved',
      Notes: 'a note',
      'Ringing (about)': '0:00:08',
      'Connected (about)': '0:00:26',
      'Time sharing': '0:00:10',
      'After-call work (about)': '0:00:41',
      'Most people at a time': 2,
      'How it ended': 'Customer left',
      Kind: 'Screen share',
    });
    const missed = one({ leg: { state: 'disconnected', disconnectType: 'timeout' } });
    expect(cells(exported(missed))).toMatchObject({
      'Your part': 'You didn’t answer',
      'Wrap-up': 'missed',
      'Wrap-up code': null,
      'Time sharing': null,
      'How it ended': 'Not answered in time',
    });
    expect(cells(exported(one({ leg: told })))['How it ended']).toBe('still going');
  });

  it('is the same file each time, masked or not, and names the fields where that is asked for', async () => {
    const records = [exported(share, true), exported(one({ leg: told }))];
    for (const format of ['csv', 'json', 'ndjson'] as const) {
      for (const maskKey of [new Uint8Array(32), null]) {
        const options = { format, maskKey, headings: 'words' } as const;
        const first = await written(records, options);
        expect(await written(records, options)).toBe(first);
        if (maskKey) expect(first).not.toMatch(/Ana Lima|a note|conversation-1/);
      }
    }
    const words = await written(records, { format: 'csv', maskKey: null, headings: 'words' });
    expect(words).toMatch(/^Date,Time,Customer,Queue,/);
    const names = await written(records, { format: 'csv', maskKey: null, headings: 'fields' });
    expect(names).toMatch(/^conversationId,participantId,/);
  });
});
