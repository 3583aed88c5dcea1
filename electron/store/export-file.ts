import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { say, type MessageKey } from '../../domain/words/say.ts';
import { writeExport, type ExportOptions } from './export.ts';

/** After so long without a word written nobody is writing it any more: the program that was, is gone. */
const abandonedMs = 3_600_000;

/** Of the file while it is written. Nobody can guess it, so nobody can have put anything in its place. */
const unfinishedName = (file: string): string =>
  `${path.basename(file)}.${randomBytes(16).toString('hex')}.part`;
const isUnfinished = (name: string, file: string): boolean => {
  const base = `${path.basename(file)}.`;
  return name.startsWith(base) && /^[0-9a-f]{32}\.part$/.test(name.slice(base.length));
};

/** What exports to this file left behind when the program was killed: records in plain words. */
async function clearAbandoned(file: string): Promise<void> {
  const folder = path.dirname(file);
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((each) => isUnfinished(each, file))) {
    const place = path.join(folder, name);
    const found = await lstat(place).catch(() => null);
    if (!found?.isFile() || (process.getuid && found.uid !== process.getuid())) continue;
    if (Date.now() - found.mtimeMs > abandonedMs) await rm(place, { force: true }).catch(() => undefined);
  }
}

/** A file a person chose could not be written. `reason`: why, in words, where the message names the file already. */
export class FileNotWritten extends Error {
  readonly reason: string;
  constructor(file: string, reason: string, cause: unknown) {
    super(say('settings.fileFailed', { file, reason }), { cause });
    this.reason = reason;
  }
}

const reasons: Readonly<Record<string, MessageKey>> = {
  EACCES: 'file.notAllowed',
  EPERM: 'file.notAllowed',
  EROFS: 'file.notAllowed',
  ENOSPC: 'file.diskFull',
  EDQUOT: 'file.diskFull',
  EISDIR: 'file.folder',
  ENAMETOOLONG: 'file.nameTooLong',
};

/**
 * Why the file system would not have a file a person chose, in words; null where it was not the file system.
 * @param missing what it means that there is none
 */
export function fileReason(error: unknown, missing: MessageKey): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const key = ['ENOENT', 'ENOTDIR'].includes(code) ? missing : reasons[code];
  return key === undefined ? null : say(key);
}

/** A device or a pipe is not replaced by a file, and a folder cannot be. */
async function requireReplaceable(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found === null || found.isFile()) return;
  throw new FileNotWritten(file, say(found.isDirectory() ? 'file.folder' : 'file.device'), null);
}

/**
 * Writes a file only this account can read. It appears when it is complete and on the disk: a failure leaves what was
 * there before. What is there is replaced, never written into: so a link is not followed and no mode is inherited.
 * @param write writes everything into the stream, and leaves it open
 * @throws FileNotWritten, or what `write` throws
 */
async function writeWhole(file: string, write: (to: Writable) => Promise<void>): Promise<void> {
  await requireReplaceable(file);
  await clearAbandoned(file);
  const unfinished = path.join(path.dirname(file), unfinishedName(file));
  try {
    // `wx`: never one that is there, and never through a link. `flush`: on the disk before it has its name.
    const to = createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true });
    await write(to);
    to.end();
    await once(to, 'close');
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    const reason = fileReason(error, 'file.noFolder');
    throw reason === null ? error : new FileNotWritten(file, reason, error);
  }
}

/** Resolves with the number of records. See `writeWhole`. */
export async function exportToFile(
  records: AsyncIterable<ExportedRecord>,
  file: string,
  options: ExportOptions,
): Promise<number> {
  let count = 0;
  async function* counted(): AsyncGenerator<ExportedRecord> {
    for await (const record of records) {
      count += 1;
      yield record;
    }
  }
  await writeWhole(file, (to) => writeExport(counted(), to, { ...options, marked: true }));
  return count;
}

/** A chart, a report: see `writeWhole`. */
export function writePrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  return writeWhole(file, (to) => pipeline(Readable.from([content]), to, { end: false }));
}
