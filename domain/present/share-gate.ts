import type { KnownState } from './known-state.ts';

/**
 * The gate before the first share of a day, where an organisation requires one: the agent confirms that others may see
 * what is on their screen. Until then nothing is answered from here. Times are epoch ms of this machine's clock.
 */

type Gate = Pick<KnownState, 'settings' | 'source' | 'person' | 'gateAccepted' | 'wallOffsetMs'>;

/** The day is the desktop's. */
function dayOf({ wallOffsetMs }: Gate, at: number): string {
  return new Date(at + wallOffsetMs).toDateString();
}

export function isGateShut(model: Gate, now: number): boolean {
  const { settings, source, person, gateAccepted } = model;
  if (!settings.shareGate || source.demo || person === null) return false;
  const acceptedAt = gateAccepted[person.id];
  return acceptedAt === undefined || dayOf(model, acceptedAt) !== dayOf(model, now);
}

/** When it shuts by itself; null where there is none. */
export function gateShutsAt({ settings, wallOffsetMs }: Gate, now: number): number | null {
  if (!settings.shareGate) return null;
  const wall = new Date(now + wallOffsetMs);
  return new Date(wall.getFullYear(), wall.getMonth(), wall.getDate() + 1).getTime() - wallOffsetMs;
}
