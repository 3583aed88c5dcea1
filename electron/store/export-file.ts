import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { ExportedRecord } from '../../domain/record.ts';
import { writeExport, type ExportOptions } from './export.ts';

/**
 * Exports into a file only this account can read, and resolves with the number of records. The file appears
 * when it is complete: a failure leaves what was there before.
 * @throws what reading the records or writing the file throws
 */
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
  const unfinished = `${file}.part`;
  try {
    const to = createWriteStream(unfinished, { mode: 0o600 });
    await writeExport(counted(), to, options);
    to.end();
    await once(to, 'close');
    await rename(unfinished, file);
    return count;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
