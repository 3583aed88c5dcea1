import { createHmac } from 'node:crypto';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { maskedText, maskRecord, type MaskedRecord, type MaskWords } from '../../domain/masked-record.ts';

/**
 * Ids that lead back to people become digests: the same id is the same digest wherever the key is the same.
 * @param key see `Review.maskKey`
 */
export function maskWordsOf(key: Uint8Array): MaskWords {
  const digest = (id: string): string =>
    id === '' ? id : createHmac('sha256', key).update(id).digest('hex').slice(0, 24);
  return { digest, person: () => maskedText };
}

/** Masks records for a file, see `maskWordsOf`. */
export function createRecordMask(key: Uint8Array): (record: ExportedRecord) => MaskedRecord {
  const words = maskWordsOf(key);
  return (record) => maskRecord(record, words);
}
