import type { DatedAnswer } from '../../../domain/clocks/cloud-clock.ts';
import type { Arrival, FeedListener, LinkState, Person } from '../../../domain/feed.ts';

export type Heard =
  | { readonly kind: 'identified'; readonly person: Person }
  | { readonly kind: 'arrived'; readonly arrival: Arrival }
  | { readonly kind: 'listed'; readonly ids: readonly string[]; readonly isAll: boolean }
  | { readonly kind: 'missing'; readonly id: string }
  | { readonly kind: 'link'; readonly state: LinkState };

/** A listener that writes everything down in order, and can be waited for. */
export interface Recorder {
  readonly listener: FeedListener;
  readonly heard: readonly Heard[];
  readonly contacts: readonly number[];
  readonly answers: readonly DatedAnswer[];
  readonly links: readonly LinkState[];
  readonly arrivals: readonly Arrival[];
  /** Ids of the conversations that arrived and subjects of what could not be read, in order. */
  readonly story: readonly string[];
  /** Resolves once the condition holds, checked after everything heard. */
  until(condition: () => boolean): Promise<void>;
  /** Resolves with the next (or `nth`) link state of this kind. */
  link<Kind extends LinkState['kind']>(kind: Kind, nth?: number): Promise<Extract<LinkState, { kind: Kind }>>;
}

export interface RecorderOptions {
  /** Runs before an arrival counts as taken. */
  readonly taking?: (arrival: Arrival) => Promise<void>;
}

export function createRecorder({ taking }: RecorderOptions = {}): Recorder {
  const heard: Heard[] = [];
  const contacts: number[] = [];
  const answers: DatedAnswer[] = [];
  const waiting = new Set<() => void>();

  function note(one: Heard): void {
    heard.push(one);
    check();
  }
  function check(): void {
    for (const look of waiting) look();
  }
  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        } catch (error) {
          waiting.delete(look);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      waiting.add(look);
      look();
    });
  }

  const links = (): LinkState[] => heard.flatMap((one) => (one.kind === 'link' ? [one.state] : []));
  const arrivals = (): Arrival[] => heard.flatMap((one) => (one.kind === 'arrived' ? [one.arrival] : []));

  return {
    heard,
    contacts,
    answers,
    get links() {
      return links();
    },
    get arrivals() {
      return arrivals();
    },
    get story() {
      return heard.flatMap((one) => {
        if (one.kind === 'listed') return [`listed ${one.ids.join(',')}`];
        if (one.kind === 'missing') return [`missing ${one.id}`];
        if (one.kind === 'link') return [one.state.kind];
        if (one.kind !== 'arrived') return [];
        const { content, source } = one.arrival;
        return content.kind === 'conversation'
          ? [`${source} ${(content.value as { id: string }).id}`]
          : [`unreadable ${one.arrival.subject}`];
      });
    },
    until,
    async link<Kind extends LinkState['kind']>(kind: Kind, nth = 1) {
      const found = (): Extract<LinkState, { kind: Kind }> | undefined =>
        links().filter((state): state is Extract<LinkState, { kind: Kind }> => state.kind === kind)[nth - 1];
      await until(() => found() !== undefined);
      const state = found();
      if (!state) throw new Error(`No link state ${kind}`);
      return state;
    },
    listener: {
      identified(person) {
        note({ kind: 'identified', person });
        return Promise.resolve();
      },
      async arrived(arrival) {
        await taking?.(arrival);
        note({ kind: 'arrived', arrival });
      },
      listed(ids, isAll) {
        note({ kind: 'listed', ids, isAll });
        return Promise.resolve();
      },
      missing(id) {
        note({ kind: 'missing', id });
        return Promise.resolve();
      },
      link(state) {
        note({ kind: 'link', state });
      },
      contact(atMs) {
        contacts.push(atMs);
        check();
      },
      dated(answer) {
        answers.push(answer);
      },
    },
  };
}
