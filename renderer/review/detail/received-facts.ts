import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Reply } from '../../../domain/ipc/contract.ts';
import type { FactPage, ReceivedFact } from '../../../domain/review/record-detail.ts';
import { attempt } from '../../state/command.ts';
const formats = new Map<string, Intl.DateTimeFormat>();

/** `23 Nov 2026, 14:18:02.123`, this machine's clock; what is no time as it was kept. */
export function receivedAt(iso: string, locale: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const format =
    formats.get(locale) ??
    new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    });
  formats.set(locale, format);
  return format.format(at);
}

/**
 * JSON as people read it, anything else as it came. Only its white space is another: a number or a name that
 * is written twice stays as it was sent.
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

export interface FactsView {
  readonly facts: readonly ReceivedFact[];
  /** Number to go on after; null when all there were are here. */
  readonly next: number | null;
  readonly busy: boolean;
  /** Why they could not be read, in words; empty when they could. */
  readonly problem: string;
}

/** The received facts of one record, as many as somebody wants to see. */
export interface Facts {
  readonly store: Pick<StoreApi<FactsView>, 'getState' | 'subscribe'>;
  /** The next ones there are. Once at a time. */
  readonly more: () => Promise<void>;
  /** Others have been received since: there are more. */
  readonly grown: () => void;
  /** Nobody looks at them any more. */
  readonly leave: () => void;
}

export function createFacts(read: (after: number) => Promise<Reply<FactPage>>): Facts {
  const store = createStore<FactsView>(() => ({ facts: [], next: 0, busy: false, problem: '' }));
  let left = false;

  async function more(): Promise<void> {
    if (store.getState().busy) return;
    store.setState({ busy: true, problem: '' });
    await readSome();
    store.setState({ busy: false });
  }

  /** Up to the first ones: a long stretch of the journal may be about others only. */
  async function readSome(): Promise<void> {
    for (let { next } = store.getState(); next !== null && !left;) {
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
    leave: () => {
      left = true;
    },
  };
}
