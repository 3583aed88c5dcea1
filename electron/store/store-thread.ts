import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { DatabaseProblem } from '../../domain/database.ts';
import { followLanguage, say, spokenNow } from '../../domain/words/say.ts';
import { buildInfo, type BuildInfo } from '../build-info.ts';
import { engineFile } from '../paths.ts';
import { tamperedCode, type EngineFile } from './load-engine.ts';
import { databaseClosed, tampered } from './problems.ts';
import { fromWorkerSchema, type Notice, type Request } from './protocol.ts';
import { asError } from '../../domain/toolbox/result.ts';

/** The store's threads. Loading one takes longer than anything else before a database is open. */

let warm: { readonly workerFile: string; readonly thread: Worker } | null = null;

/**
 * Starts the store's thread; exported for its test.
 * @throws DatabaseProblem where the script is not the one this program was built with
 */
export function startWorker(workerFile: string, digests: BuildInfo['digests'] = buildInfo.digests): Worker {
  // No inherited flags: an inspector or a loader of the main thread is none of this thread's business.
  const options = { name: 'store', execArgv: [] };
  if (digests === null) return new Worker(workerFile, options);
  const script = checkedScript(workerFile, digests.worker);
  const engine: EngineFile = { file: engineFile(workerFile), sha256: digests.engine };
  return new Worker(script, { ...options, eval: true, workerData: { engine } });
}

/** What was read is what runs: the file is not looked at again. */
function checkedScript(file: string, sha256: string): string {
  let script: Buffer;
  try {
    script = readFileSync(file);
  } catch (cause) {
    throw tampered(cause);
  }
  if (createHash('sha256').update(script).digest('hex') !== sha256) throw tampered();
  // In a function, because a script's own names would be global; with a name for its stack traces.
  return `(() => {${script.toString('utf8')}\n})();\n//# sourceURL=store-worker.cjs`;
}

/** Starts a thread ahead of time, for whoever asks for the first one. */
export function warmThread(workerFile: string): void {
  if (warm) return;
  let thread: Worker;
  try {
    thread = startWorker(workerFile);
  } catch {
    // As below.
    return;
  }
  const forget = (): void => {
    if (warm?.thread === thread) warm = null;
  };
  // Whoever needs a thread learns from the next one what is wrong.
  thread.on('error', forget);
  thread.on('exit', forget);
  warm = { workerFile, thread };
}

export function takeThread(workerFile: string): Worker {
  const ready = warm?.workerFile === workerFile ? warm.thread : null;
  if (!ready) return startWorker(workerFile);
  warm = null;
  return ready;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long closing may take: the log is moved into the file, and all of it is read once for its signature. ms */
const closingMs = 10_000;

/** How long a thread may take to end, ms. */
const terminateMs = 2_000;

/** What `work` comes to; after `ms` what `otherwise` does, whatever becomes of the work. */
async function inTime(ms: number, work: Promise<unknown>, otherwise: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<true>((resolve) => {
    timer = setTimeout(resolve, ms, true);
  });
  try {
    if ((await Promise.race([work, over])) === true) otherwise();
  } finally {
    clearTimeout(timer);
  }
}

/** One thread of the store and the calls it has not answered. */
export class StoreThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #onFailure: (problem: DatabaseProblem) => void;
  readonly #onNotice: (notice: Notice) => void;
  #lastId = 0;
  #ended: DatabaseProblem | null = null;
  #ending: Promise<void> | null = null;
  readonly #stopFollowing: () => void;

  constructor(
    workerFile: string,
    onFailure: (problem: DatabaseProblem) => void,
    onNotice: (notice: Notice) => void = () => undefined,
  ) {
    this.#onFailure = onFailure;
    this.#onNotice = onNotice;
    this.#worker = takeThread(workerFile);
    this.#worker.on('message', (message: unknown) => this.#receive(message));
    this.#worker.on('messageerror', (error) => this.#fail(error));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`The store's thread ended with code ${code}`)));
    // It begins in English.
    if (spokenNow().language !== 'en') this.#speak();
    this.#stopFollowing = followLanguage(() => {
      this.#speak();
    });
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
        reject(asError(error));
      }
    });
  }

  /** What it says of its own, such as why a file cannot be opened, is shown as it is. */
  #speak(): void {
    // A thread that has ended says nothing more.
    this.send('speak', [spokenNow()]).catch(() => undefined);
  }

  /** After this every call is refused; ones already sent are answered first. Once, however often it is asked. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const closing = this.send('close', []);
    this.#ended ??= databaseClosed();
    try {
      await inTime(closingMs, closing, () => {
        throw new DatabaseProblem('io', say('database.noAnswer'));
      });
    } finally {
      await this.cut();
    }
  }

  /**
   * Ends it as it is: whatever is not answered is refused. Resolves when the thread has ended; one that hangs in
   * the disk cannot be ended, keeps nobody waiting for long, and what it had acknowledged is safe without it.
   */
  async cut(): Promise<void> {
    this.#ended ??= databaseClosed();
    this.#stopFollowing();
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    this.#worker.unref();
    const ended = this.#worker.terminate().then(() => undefined);
    await inTime(terminateMs, ended, () => undefined);
  }

  #receive(message: unknown): void {
    const parsed = fromWorkerSchema.safeParse(message);
    if (!parsed.success) {
      this.#fail(parsed.error);
      return;
    }
    if ('notice' in parsed.data) {
      this.#onNotice(parsed.data);
      return;
    }
    const reply = parsed.data;
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if (reply.ok) pending.resolve(reply.value);
    else if (reply.error.code === null) pending.reject(new Error(reply.error.message));
    else pending.reject(new DatabaseProblem(reply.error.code, reply.error.message));
  }

  #fail(cause: unknown): void {
    const unexpected = this.#ended === null;
    const isTampered = cause instanceof Error && 'code' in cause && cause.code === tamperedCode;
    this.#ended ??= isTampered
      ? tampered(cause)
      : new DatabaseProblem('io', say('database.stopped'), { cause });
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    if (unexpected) this.#onFailure(this.#ended);
  }
}
