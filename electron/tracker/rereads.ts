export interface AskingParts {
  /** Reads a conversation again; the answer arrives as a fact. */
  readonly reread: (conversationId: string) => Promise<boolean>;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Calls after `ms`, unless what it returns is called first. */
  readonly after: (ms: number, call: () => void) => () => void;
}

/**
 * Asks the server about conversations: one question at a time for each, and with pauses between them, so that a
 * flood of reasons to ask leaves room for other requests.
 */
export interface Asking {
  /** True when the server answered a question that was asked after this call. */
  readonly ask: (conversationId: string) => Promise<boolean>;
  /** What waits for its turn is asked no more. */
  readonly stop: () => void;
}

/** Between an answer and the next question: first, and once there were `manyInARow`. */
const shortMs = 500;
const longMs = 2000;
const manyInARow = 6;
/** After so long without a question the pauses are short again. */
const quietMs = 10_000;

interface Line {
  current: Promise<boolean> | null;
  next: Promise<boolean> | null;
  /** Epoch ms; when the last answer came. */
  answeredAt: number;
  /** Questions in a row without a quiet time between them. */
  row: number;
}

export function createAsking({ reread, clock, after }: AskingParts): Asking {
  const lines = new Map<string, Line>();
  const waits = new Set<() => void>();
  let stopped = false;

  function lineOf(conversationId: string): Line {
    for (const [id, { current, next, answeredAt }] of lines)
      if (!current && !next && Math.abs(clock() - answeredAt) > quietMs) lines.delete(id);
    const line = lines.get(conversationId) ?? { current: null, next: null, answeredAt: -Infinity, row: 0 };
    lines.set(conversationId, line);
    return line;
  }

  /** How long until the next question may be asked, ms. A clock that was set back makes nobody wait. */
  function pauseMs({ answeredAt, row }: Line): number {
    const passed = clock() - answeredAt;
    const pause = row < manyInARow ? shortMs : longMs;
    return passed < 0 ? 0 : Math.max(0, pause - passed);
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        waits.delete(done);
        resolve();
      };
      const cancel = after(ms, done);
      waits.add(done);
    });
  }

  async function question(conversationId: string, line: Line): Promise<boolean> {
    try {
      return await reread(conversationId);
    } catch {
      return false;
    } finally {
      line.current = null;
      line.answeredAt = clock();
      line.row += 1;
    }
  }

  function askNow(conversationId: string, line: Line): Promise<boolean> {
    line.current = question(conversationId, line);
    return line.current;
  }

  /** What is under way was asked before this call and may not know what it was asked for. */
  async function askNext(conversationId: string, line: Line): Promise<boolean> {
    await line.current;
    const ms = pauseMs(line);
    if (ms > 0 && !stopped) await wait(ms);
    line.next = null;
    return stopped ? false : askNow(conversationId, line);
  }

  return {
    ask: (conversationId) => {
      if (stopped) return Promise.resolve(false);
      const line = lineOf(conversationId);
      if (!line.current && !line.next && pauseMs(line) === 0) return askNow(conversationId, line);
      line.next ??= askNext(conversationId, line);
      return line.next;
    },
    stop: () => {
      stopped = true;
      for (const done of [...waits]) done();
    },
  };
}
