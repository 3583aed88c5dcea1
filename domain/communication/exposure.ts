import type { Communication, Observation, PeerCount } from './communication.ts';

/** Who could see the agent's screen, and when: what is kept with the record and exported. Times are ISO-8601. */

interface Stretch {
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
}

export interface ExposedTo extends Stretch {
  readonly how: Observation['how'];
  /** Null where the server did not name them, and for a recording. */
  readonly name: string | null;
  /** As sent: `customer`, `agent`, … */
  readonly purpose: string | null;
}

export interface Exposure {
  /** From when to when the agent was on air. */
  readonly onAir: readonly Stretch[];
  /** How many could see it, from a moment on. */
  readonly counts: readonly PeerCount[];
  /** Which of them by name; also who followed the conversation, and what was recorded. */
  readonly people: readonly ExposedTo[];
}

const stretch = ({ from, to }: { readonly from: string; readonly to?: string }): Stretch => ({
  from,
  to: to ?? null,
});

/** Null where the agent was never on air and nobody watched, and where a file does not say. */
export function exposureOf(communication: Communication): Exposure | null {
  const { onAir, peers, observations = [], exported } = communication;
  if (exported && !exported.saysExposure) return null;
  if (onAir.length === 0 && observations.length === 0) return null;
  return {
    onAir: onAir.map(stretch),
    // Of a share nobody looked at but the agent, the number is whom they viewed.
    counts: onAir.length === 0 ? [] : peers.map(({ at, count }) => ({ at, count })),
    people: observations.map(({ how, name = null, purpose = null, ...span }) => ({
      how,
      name,
      purpose,
      ...stretch(span),
    })),
  };
}

type Exposed = Pick<Communication, 'onAir' | 'peers'> & { readonly observations?: readonly Observation[] };

/** The way back, for a record of an exported file. */
export function fromExposure({ onAir, counts, people }: Exposure): Exposed {
  const span = ({ from, to }: Stretch): { from: string; to?: string } =>
    to === null ? { from } : { from, to };
  const observations = people.map(({ how, name, purpose, ...times }): Observation => ({
    how,
    ...(name === null ? {} : { name }),
    ...(purpose === null ? {} : { purpose }),
    ...span(times),
  }));
  return {
    onAir: onAir.map(span),
    peers: counts,
    ...(observations.length > 0 ? { observations } : {}),
  };
}
