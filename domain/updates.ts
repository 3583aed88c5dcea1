import { archiveOrigin } from './archive/archive-settings.ts';
import type { AppState, Phase } from './state.ts';

/** Newer versions of the program: where from, what is known of one, and when it has to wait. */

/** What keeps a version that was found from being fetched for now. */
export type UpdateWait = 'agent' | 'metered';

/** Why there is no newer version, or not the whole of it. */
export type UpdateProblem =
  'unreachable' | 'notFound' | 'unreadable' | 'elsewhere' | 'tooLarge' | 'brokenOff' | 'disk' | 'notOurs';

export interface KnownUpdates {
  /** This copy can put a newer one in its place; else whoever installed it does. */
  readonly replaceable: boolean;
  readonly step: 'idle' | 'looking' | 'waiting' | 'downloading' | 'ready';
  /** Of the newer one; empty where none is known. */
  readonly version: string;
  readonly wait: UpdateWait | null;
  readonly problem: UpdateProblem | null;
  /** When the server last said what there is, epoch ms; null: not in this run. */
  readonly checkedAt: number | null;
}

export const noUpdates: KnownUpdates = {
  replaceable: false,
  step: 'idle',
  version: '',
  wait: null,
  problem: null,
  checkedAt: null,
};

/** A folder on a server, in plain signs: nothing asked, nothing of a person. */
const form = /^(https?:\/\/[^/]+)((?:\/[\w.~-]+)*)\/?$/i;

/** Where newer versions lie: a folder at `https://`, or at `http://` of this computer. Null where it is none. */
export function updateAddress(text: string): string | null {
  const [, server = '', folder = ''] = form.exec(text.trim()) ?? [];
  const origin = archiveOrigin(server);
  return origin === null ? null : `${origin}${folder}/`;
}

/** Nothing goes on that a restart, or a busy network, could harm. */
const restful: readonly Phase[] = ['starting', 'idle', 'wrappedUp', 'missed'];

/** The agent shares, is about to, or has a wrap-up to make. */
export function hasWork({ status, prompt }: Pick<AppState, 'status' | 'prompt'>): boolean {
  return prompt !== null || [status, ...status.others].some(({ phase }) => !restful.includes(phase));
}
