import type { CloudOffset } from '../../domain/clocks/cloud-clock.ts';
import type { Submission } from '../../domain/submissions.ts';
import type { Communication } from '../../domain/communication/communication.ts';
import { isSettled } from '../../domain/communication/phase.ts';
import type { Model } from '../../domain/present/model.ts';

/** What of everything that is known the state holds at hand. */

/** How many ended communications stay at hand for the quiet line. The rest is in the database. */
const endedKept = 8;

export function byKey(communications: readonly Communication[]): Record<string, Communication> {
  return Object.fromEntries(communications.map((communication) => [communication.key, communication]));
}

/** Open ones stay, and those with words or submissions; of the others only the latest few. */
export function prune(model: Model): Record<string, Communication> {
  const all = Object.values(model.communications);
  const busy = new Set([...Object.keys(model.drafts), ...model.submissions.map(({ key }) => key)]);
  const done = all
    .filter((communication) => isSettled(communication) && !busy.has(communication.key))
    .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt));
  const dropped = new Set(done.slice(endedKept).map(({ key }) => key));
  return byKey(all.filter(({ key }) => !dropped.has(key)));
}

/** How the clocks stood when the program stopped: until the server answers, the best there is. */
export function lastKnownCloud(communications: readonly Communication[]): CloudOffset | null {
  const [latest] = communications
    .filter(({ clocks }) => clocks !== undefined)
    .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt));
  if (!latest?.clocks) return null;
  const { cloudOffsetMs, cloudUncertaintyMs } = latest.clocks;
  return { offsetMs: cloudOffsetMs, uncertaintyMs: cloudUncertaintyMs };
}

/** Each submission once, the last of the same id: what is known here is newer than what was kept. */
export function inOrderOfMaking(submissions: readonly Submission[]): Submission[] {
  const byId = new Map(submissions.map((submission) => [submission.id, submission]));
  return [...byId.values()].sort((a, b) => a.order - b.order);
}
