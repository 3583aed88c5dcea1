import { Worker } from 'node:worker_threads';
import { MemoryProblem, type Memory, type MemorySummary, type Verification } from '../../domain/memory.ts';
import type { ExportedRecord } from '../../domain/record.ts';
import { say } from '../../domain/words/say.ts';
import type { CallArgs, CallName, CallResult } from './calls.ts';
import { memoryClosed } from './problems.ts';
import { replySchema, type OpenArgs, type Request } from './protocol.ts';
import type { RecordCursor, RecordRange } from './schemas.ts';

export interface OpenMemory {
  /** Absolute path of the folder that holds (or will hold) `memory.db`. */
  readonly folder: string;
  /** 32 bytes. Handed over: all zeros afterwards. */
  readonly key: Uint8Array;
  /** The built worker, `out/main/store-worker.cjs`. */
  readonly workerFile: string;
  /** Reads beside a running program without changing anything; the file must exist. */
  readonly readOnly?: boolean;
  /** Called once if the memory's thread dies; every call then fails with this same problem. */
  readonly onFailure?: (problem: MemoryProblem) => void;
}

export interface OpenedMemory extends Memory {
  summary(): Promise<MemorySummary>;
  /** Looks at everything; reads the whole file. */
  verify(): Promise<Verification>;
  /** In the order they happened; see `RecordRange`. */
  records(range: RecordRange): AsyncIterable<ExportedRecord>;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One worker and the calls it has not answered. */
class Line {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #onFailure: (problem: MemoryProblem) => void;
  #lastId = 0;
  #ended: MemoryProblem | null = null;
  #ending: Promise<void> | null = null;

  constructor(workerFile: string, onFailure: (problem: MemoryProblem) => void) {
    this.#onFailure = onFailure;
    // No inherited flags: an inspector or a loader of the main thread is none of this thread's business.
    this.#worker = new Worker(workerFile, { name: 'store', execArgv: [] });
    this.#worker.on('message', (message: unknown) => this.#receive(message));
    this.#worker.on('messageerror', (error) => this.#fail(error));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`The store's thread ended with code ${code}`)));
  }

  send(call: string, args: readonly unknown[], transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#lastId += 1;
    const request: Request = { id: this.#lastId, call, args };
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject });
      try {
        this.#worker.postMessage(request, transfer);
      } catch (error) {
        this.#pending.delete(request.id);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** After this every call is refused; ones already sent are answered first. Once, however often it is asked. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const closing = this.send('close', []);
    this.#ended ??= memoryClosed();
    try {
      await closing;
    } finally {
      await this.#worker.terminate();
    }
  }

  #receive(message: unknown): void {
    const parsed = replySchema.safeParse(message);
    if (!parsed.success) {
      this.#fail(parsed.error);
      return;
    }
    const reply = parsed.data;
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if (reply.ok) pending.resolve(reply.value);
    else if (reply.error.code === null) pending.reject(new Error(reply.error.message));
    else pending.reject(new MemoryProblem(reply.error.code, reply.error.message));
  }

  #fail(cause: unknown): void {
    const unexpected = this.#ended === null;
    this.#ended ??= new MemoryProblem('io', say('memory.stopped'), { cause });
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    if (unexpected) this.#onFailure(this.#ended);
  }
}

/** Records asked for at once by an export. */
const pageSize = 500;

/**
 * Starts the store's thread and opens the memory of a folder.
 * @throws MemoryProblem when it cannot be opened; nothing is left running then.
 */
export async function openMemory(options: OpenMemory): Promise<OpenedMemory> {
  const line = new Line(options.workerFile, options.onFailure ?? (() => undefined));
  const key = Uint8Array.from(options.key);
  options.key.fill(0);
  const args: OpenArgs = [{ folder: options.folder, key, readOnly: options.readOnly ?? false }];
  try {
    await line.send('open', args, [key.buffer]);
  } catch (error) {
    await line.end().catch(() => undefined);
    throw error;
  }

  // The worker is this program's own; its results have the type of the function that made them.
  const ask = <Name extends CallName>(name: Name, ...args: CallArgs<Name>): Promise<CallResult<Name>> =>
    line.send(name, args) as Promise<CallResult<Name>>;

  async function* records(range: RecordRange): AsyncGenerator<ExportedRecord> {
    let cursor: RecordCursor | null = null;
    do {
      const page: CallResult<'pageOfRecords'> = await ask('pageOfRecords', range, cursor, pageSize);
      yield* page.records;
      cursor = page.next;
    } while (cursor !== null);
  }

  return {
    commit: (entry, changed) => ask('commit', entry, [...changed]),
    recollect: () => ask('recollect'),
    communicationsOf: (conversationId) => ask('communicationsOf', conversationId),
    saveDraft: (draft) => ask('saveDraft', draft),
    decide: (decision) => ask('decide', decision),
    updateDecision: (decision) => ask('updateDecision', decision),
    cacheCodes: (scope, cached) => ask('cacheCodes', scope, cached),
    cachedCodes: (scope) => ask('cachedCodes', scope),
    codeUses: () => ask('codeUses'),
    setFavourite: (code, favourite) => ask('setFavourite', code, favourite),
    summary: () => ask('summary'),
    verify: () => ask('verify'),
    records,
    close: () => line.end(),
  };
}
