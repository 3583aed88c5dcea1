import type { Memory } from '../../domain/memory.ts';
import { MemoryProblem } from '../../domain/memory.ts';
import { say } from '../../domain/words/say.ts';
import type { StateStore } from './state.ts';

/**
 * The memory as a thing that may be missing or fail while the live status goes on. Whoever writes asks
 * here; a failure is shown as "history is paused" and ends with the first write that succeeds again.
 */
export interface History {
  readonly attach: (memory: Memory) => void;
  /** Why there is none yet, in words; shown until one is attached. */
  readonly missing: (reason: string) => void;
  readonly detach: () => Memory | null;
  /** Reads. A full disk can still be read: only a write that succeeds ends a pause. */
  readonly recall: <Value>(work: (memory: Memory) => Promise<Value>) => Promise<Value | null>;
  /** Writes. The result, or `null` when it could not be done (which is then visible in the state). */
  readonly attempt: <Value>(work: (memory: Memory) => Promise<Value>) => Promise<Value | null>;
}

/** @param damaged told of damage that was met with: going on to write would make it worse */
export function createHistory(
  store: StateStore,
  damaged: (problem: MemoryProblem) => void = () => undefined,
): History {
  let memory: Memory | null = null;

  function paused(detail: string): void {
    store.update((model) => ({ memory: { ...model.memory, health: 'paused', detail } }));
  }
  function well(): void {
    store.update((model) =>
      model.memory.health === 'ok' ? {} : { memory: { ...model.memory, health: 'ok', detail: '' } },
    );
  }

  async function run<Value>(
    work: (memory: Memory) => Promise<Value>,
    succeeded: () => void,
  ): Promise<Value | null> {
    if (!memory) return null;
    try {
      const value = await work(memory);
      succeeded();
      return value;
    } catch (error) {
      if (error instanceof MemoryProblem && error.code === 'damaged') damaged(error);
      paused(
        error instanceof MemoryProblem ? error.message : say('memory.failed', { reason: String(error) }),
      );
      return null;
    }
  }

  return {
    attach: (attached) => {
      memory = attached;
      well();
    },
    missing: paused,
    detach: () => {
      const was = memory;
      memory = null;
      return was;
    },
    recall: (work) => run(work, () => undefined),
    attempt: (work) => run(work, well),
  };
}
