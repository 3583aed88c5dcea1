import type { Place } from './place.ts';
import { startHolder, type Holder, type Question } from './holder.ts';
import { rivalNames, type RivalName, type ScaleLine } from './scale.ts';

/** A rival that takes longer for one answer is left behind. */
export const limitMs = 120_000;

/** The others that hold the same records, each in a process of its own. */
export class Rivals {
  readonly #holders: ReadonlyMap<RivalName, Holder>;

  private constructor(holders: ReadonlyMap<RivalName, Holder>) {
    this.#holders = holders;
  }

  /** @param plain the store's file without encryption @param ndjson the same records as text */
  static async start(place: Place, program: string, plain: string, ndjson: string): Promise<Rivals> {
    const kinds = [
      ['SQLite, unencrypted', { kind: 'plain', file: plain }],
      ['plain JavaScript', { kind: 'scan', file: ndjson }],
      ['electron-store', { kind: 'conf', file: ndjson }],
    ] as const;
    const holders = new Map<RivalName, Holder>();
    for (const [name, what] of kinds) holders.set(name, await startHolder(place, program, what, limitMs));
    return new Rivals(holders);
  }

  /** One question, to each of them in turn. */
  async ask(samples: Samples, question: Question, names: readonly RivalName[] = rivalNames): Promise<void> {
    for (const [name, holder] of this.#holders) {
      if (!names.includes(name)) continue;
      const ms = await holder.ask(question);
      if (ms === null) continue;
      samples.add(name, ms, holder.megabytes());
    }
  }

  /** What they answered, or why they did not. */
  told(samples: Samples, of: 'ms' | 'megabytes' = 'ms'): ScaleLine['rivals'] {
    return Object.fromEntries(
      [...this.#holders].map(([name, holder]) => {
        const values = samples.of(name)[of];
        return [name, values.length > 0 ? { samples: values } : { problem: holder.problem() ?? 'not asked' }];
      }),
    );
  }

  async close(): Promise<void> {
    for (const holder of this.#holders.values()) await holder.close();
  }
}

interface Answered {
  readonly ms: number[];
  readonly megabytes: number[];
}

/** Answers to one kind of question. */
export class Samples {
  readonly #by = new Map<RivalName, Answered>();

  /** Of one that reads everything for each answer a few are enough. */
  namesFor(slow: number): readonly RivalName[] {
    const enough = this.of('electron-store').ms.length >= slow;
    return enough ? rivalNames.filter((name) => name !== 'electron-store') : rivalNames;
  }

  of(name: RivalName): Answered {
    const known = this.#by.get(name) ?? { ms: [], megabytes: [] };
    this.#by.set(name, known);
    return known;
  }

  add(name: RivalName, ms: number, megabytes: number): void {
    this.of(name).ms.push(ms);
    this.of(name).megabytes.push(megabytes);
  }
}
