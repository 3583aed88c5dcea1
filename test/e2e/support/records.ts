import { expect, type Ended } from './fixtures.ts';

/** What tests look at of an exported record. */
export interface Exported {
  readonly conversationId: string;
  readonly peerName: string;
  readonly wrapup: {
    readonly code: string | null;
    readonly name: string | null;
    readonly notes: string;
    readonly state: string;
  } | null;
  /** Only in a redacted one. */
  readonly redacted?: readonly string[];
}

/** The records of an `--export json` that went without a word. */
export function recordsOf({ code, stdout, stderr }: Ended): Exported[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Exported[];
}
