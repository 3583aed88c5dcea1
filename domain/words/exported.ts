import { say } from './say.ts';

interface Exported {
  readonly file: string;
  readonly records: number;
  /** Damaged ones, which are not in the file. */
  readonly unread: number;
}

/** `4 records written to records.csv`, and whether any were left out. */
export function exportedWords({ file, records, unread }: Exported): string {
  return say('settings.data.exported', { file, records, unread });
}
