import type { Arrival } from '../../domain/feed.ts';
import { epoch } from '../../domain/clocks/time.ts';

/** What a reading is worth beside the events that came around it. */
export interface Readings {
  /**
   * It says what the last reading said, and nothing was heard between them. Now and then one of those is a
   * fact all the same: that it still was so.
   */
  readonly isRepeated: (conversationId: string, arrival: Arrival) => boolean;
  /** It was asked for before the last event came, and may be older. */
  readonly isOvertaken: (conversationId: string, arrival: Arrival) => boolean;
  /** The server said otherwise since the last reading: the same once more is news. */
  readonly contradicted: (conversationId: string) => void;
}

const againMs = 5 * 60_000;
/** More than anybody has open at once. */
const mostKept = 50;

interface Heard {
  /** Epoch ms of this machine's clock: when the last event came. */
  readonly eventAt: number | null;
  /** The last reading, while nothing was heard since. */
  readonly said: string | null;
  readonly saidAt: number;
}

export function createReadings(clock: () => number): Readings {
  const heard = new Map<string, Heard>();

  function note(id: string, one: Heard): void {
    // The one that was heard of longest ago goes first.
    heard.delete(id);
    heard.set(id, one);
    const [oldest] = heard.keys();
    if (heard.size > mostKept && oldest !== undefined) heard.delete(oldest);
  }

  function isOvertaken(id: string, { source, askedAt }: Arrival): boolean {
    const asked = epoch(askedAt);
    const eventAt = heard.get(id)?.eventAt ?? null;
    return source === 'rest' && asked !== null && eventAt !== null && asked <= eventAt;
  }

  function isRepeated(id: string, arrival: Arrival): boolean {
    const { source, receivedAt, content } = arrival;
    const before = heard.get(id);
    if (source === 'socket') {
      note(id, { eventAt: epoch(receivedAt) ?? clock(), said: null, saidAt: 0 });
      return false;
    }
    // The same once more, asked for after the event, says what this one could not.
    if (content.kind === 'unreadable' || isOvertaken(id, arrival)) return false;
    const says = JSON.stringify(content.value);
    const isSame = before?.said === says && Math.abs(clock() - before.saidAt) < againMs;
    if (!isSame) note(id, { eventAt: before?.eventAt ?? null, said: says, saidAt: clock() });
    return isSame;
  }

  function contradicted(id: string): void {
    note(id, { eventAt: heard.get(id)?.eventAt ?? null, said: null, saidAt: 0 });
  }

  return { isRepeated, isOvertaken, contradicted };
}
