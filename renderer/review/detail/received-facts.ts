import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Reply } from '../../../domain/ipc/contract.ts';
import type { FactPage, ReceivedFact } from '../../../domain/review/record-detail.ts';
import { exactTime } from '../../../domain/words/time-words.ts';
import { attempt } from '../../state/command.ts';
/** `23 Nov 2026, 14:18:02.123`, this machine's clock; anything that is no time as it is. */
export function receivedAt(iso: string, locale: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : exactTime(at, locale);
}

/**
 * JSON, indented; anything else as it came. Only white space changes: a number, or a name that is there twice, stays
 * as it was sent.
 */
export function prettyBody(body: string): string {
  try {
    JSON.parse(body);
  } catch {
    return body;
  }
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  const tokens = body.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g) ?? [];
  return tokens
    .map((token, at) => {
      switch (token) {
        case '{':
        case '[':
          if (isClosing(tokens[at + 1])) return token;
          depth += 1;
          return token + line();
        case '}':
        case ']':
          if (isOpening(tokens[at - 1])) return token;
          depth -= 1;
          return line() + token;
        case ',':
          return token + line();
        default:
          return token === ':' ? ': ' : token;
      }
    })
    .join('');
}

const isOpening = (token: string | undefined): boolean => token === '{' || token === '[';
const isClosing = (token: string | undefined): boolean => token === '}' || token === ']';

interface FactsView {
  readonly facts: readonly ReceivedFact[];
  /** Read on after this number; null when all have been read. */
  readonly next: number | null;
  readonly busy: boolean;
  /** Why they could not be read, in words; empty when they could. */
  readonly problem: string;
}

/** The received facts of one record, as many as somebody wants to see. */
interface ReceivedFacts {
  readonly store: Pick<StoreApi<FactsView>, 'getState' | 'subscribe'>;
  /** The next ones there are. Once at a time. */
  readonly more: () => Promise<void>;
  /** More have been received since. */
  readonly grown: () => void;
  /** Stops reading. */
  readonly stop: () => void;
}

export function createReceivedFacts(read: (after: number) => Promise<Reply<FactPage>>): ReceivedFacts {
  const store = createStore<FactsView>(() => ({ facts: [], next: 0, busy: false, problem: '' }));
  let stopped = false;

  async function more(): Promise<void> {
    if (store.getState().busy) return;
    store.setState({ busy: true, problem: '' });
    await readSome();
    store.setState({ busy: false });
  }

  /** A page may hold none of them: reads on to one that does. */
  async function readSome(): Promise<void> {
    for (let { next } = store.getState(); next !== null && !stopped;) {
      const after = next;
      const reply = await attempt(() => read(after));
      if (!reply.ok) {
        store.setState({ problem: reply.reason });
        return;
      }
      const { facts } = reply.value;
      ({ next } = reply.value);
      store.setState((before) => ({ facts: [...before.facts, ...facts], next }));
      if (facts.length > 0) return;
    }
  }

  return {
    store,
    more,
    grown: () => {
      store.setState(({ next, facts }) => ({ next: next ?? facts.at(-1)?.number ?? 0 }));
    },
    stop: () => {
      stopped = true;
    },
  };
}
