import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import { exportToFile, writePrivateFile } from '../../../electron/store/export-file.ts';
import { settled, temporaryFolder } from './examples.ts';

const record = exportRecord(settled({ peerName: 'Łukasz' }), undefined, undefined);

async function* from(records: readonly ExportedRecord[]): AsyncGenerator<ExportedRecord> {
  for (const one of records) yield await Promise.resolve(one);
}
async function* breaking(): AsyncGenerator<ExportedRecord> {
  yield await Promise.resolve(record);
  throw new Error('the disk is gone');
}

const csv = { format: 'csv', maskKey: null } as const;

describe('an exported file', () => {
  it('is its owner’s alone, marked as UTF-8, and nothing else is left', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'records.csv');
    expect(await exportToFile(from([record, record]), file, csv)).toBe(2);
    expect(readFileSync(file, 'utf8')).toMatch(/^\uFEFFconversationId,[^]*Łukasz/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['records.csv']);
  });

  it('takes the place of one that others could read, and does not become as it was', async () => {
    const file = path.join(temporaryFolder(), 'records.csv');
    writeFileSync(file, 'before', { mode: 0o644 });
    await exportToFile(from([record]), file, csv);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('touches nothing a person or a trap has beside it', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'records.csv');
    const aim = path.join(folder, 'aim');
    writeFileSync(aim, 'precious');
    symlinkSync(aim, `${file}.part`);
    const other = path.join(folder, 'other.csv');
    writeFileSync(`${other}.part`, 'half a download');
    await exportToFile(from([record]), file, csv);
    await exportToFile(from([record]), other, csv);
    expect(readFileSync(aim, 'utf8')).toBe('precious');
    expect(readFileSync(`${other}.part`, 'utf8')).toBe('half a download');
  });

  it('replaces a link and does not write where it leads; a chart or a report no less', async () => {
    const folder = temporaryFolder();
    const aim = path.join(folder, 'aim');
    writeFileSync(aim, 'precious', { mode: 0o666 });
    for (const [name, write] of [
      ['records.csv', (file: string) => exportToFile(from([record]), file, csv)],
      ['chart.png', (file: string) => writePrivateFile(file, Buffer.from([1, 2, 3]))],
      ['report.md', (file: string) => writePrivateFile(file, '# Report')],
    ] as const) {
      const file = path.join(folder, name);
      symlinkSync(aim, file);
      await write(file);
      expect(lstatSync(file).isFile(), name).toBe(true);
      expect(lstatSync(file).mode & 0o777, name).toBe(0o600);
    }
    expect(readFileSync(path.join(folder, 'report.md'), 'utf8')).toBe('# Report');
    expect(readFileSync(aim, 'utf8')).toBe('precious');
    await expect(writePrivateFile(folder, 'a folder is no file')).rejects.toThrow();
  });

  it('that cannot be written says why in words, and is left alone', async () => {
    const folder = temporaryFolder();
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(pipe, path.join(folder, 'link'));
    writeFileSync(path.join(folder, 'file'), '');
    for (const [name, why] of [
      ['gone/report.md', 'its folder isn’t there.'],
      ['file/report.md', 'its folder isn’t there.'],
      ['', 'it is a folder.'],
      ['pipe', 'it is a device or a pipe, not a file.'],
      ['link', 'it is a device or a pipe, not a file.'],
      [`${'n'.repeat(250)}.md`, 'its name is too long.'],
    ] as const) {
      const file = path.join(folder, name);
      await expect(writePrivateFile(file, '# Report')).rejects.toMatchObject({
        message: `${file} couldn’t be written: ${why}`,
        reason: why,
      });
    }
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['file', 'link', 'pipe']);
  });

  it('leaves what was there, and nothing beside it, when it fails', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'records.csv');
    writeFileSync(file, 'before');
    await expect(exportToFile(breaking(), file, csv)).rejects.toThrow('the disk is gone');
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['records.csv']);
  });

  it('removes what an export to it left behind when the program was killed, and only that', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'records.csv');
    const name = (base: string, digit: string): string =>
      path.join(folder, `${base}.${digit.repeat(32)}.part`);
    const abandoned = name('records.csv', 'a');
    const inUse = name('records.csv', 'b');
    const others = [name('others.csv', 'c'), path.join(folder, 'records.csv.draft.part')];
    for (const place of [abandoned, inUse, ...others]) writeFileSync(place, 'half');
    const long = new Date(Date.now() - 2 * 3_600_000);
    for (const place of [abandoned, ...others]) utimesSync(place, long, long);
    await exportToFile(from([record]), file, csv);
    expect(existsSync(abandoned)).toBe(false);
    expect([inUse, ...others].filter((place) => !existsSync(place))).toEqual([]);
  });
});
