import type { Memory, MemoryProblem, MemorySummary, Verification } from '../../domain/memory.ts';
import type { ExportedRecord } from '../../domain/record.ts';
import type { CallArgs, CallName, CallResult } from './calls.ts';
import { Line } from './line.ts';
import type { OpenArgs } from './protocol.ts';
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
