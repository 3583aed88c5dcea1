import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Runtime } from '../../build/runtime/official.mjs';
import { say } from '../../build/say.mjs';
import { startDesktop, type Desktop } from '../desktop/desktop.mjs';
import type { Place } from './place.ts';
import { buildApps, Starter } from './programs.ts';
import type { Reading } from './report.ts';
import type { ScaleLine } from './scale.ts';
import { seedFolder, type Seed } from './seed.ts';

/** How much is measured; each measure has a default of its own. */
export interface Sizes {
  /** How often each pair is measured. */
  readonly pairs: number | undefined;
  /** Numbers of records at which growth is measured, the smallest first. */
  readonly records: readonly number[];
  /** How long CPU is looked at, and how long events flood in. */
  readonly seconds: number | undefined;
  /** How many shares a day has. */
  readonly shares: number | undefined;
  /** How many desks come back to the archive. */
  readonly desks: number | undefined;
}

/** What a measure comes back with. */
export interface Measured {
  readonly readings?: readonly Reading[];
  /** The same at several sizes, beside others who hold the same records. */
  readonly scale?: readonly ScaleLine[];
  readonly growth?: readonly ScaleLine[];
}

const records = 10_000;

/** What measures share, made when the first of them asks for it. */
export class Workshop {
  readonly place: Place;
  readonly runtime: Runtime;
  readonly sizes: Sizes;
  #desktop: Promise<Desktop> | undefined;
  #starter: Promise<Starter> | undefined;
  #seed: Promise<Seed> | undefined;

  constructor(place: Place, runtime: Runtime, sizes: Sizes) {
    this.place = place;
    this.runtime = runtime;
    this.sizes = sizes;
  }

  /** A folder, or a file, that is gone after the run. */
  scratch(name: string): string {
    return path.join(this.place.scratch, name);
  }

  desktop(): Promise<Desktop> {
    return (this.#desktop ??= startDesktop({ keyring: false }));
  }

  starter(): Promise<Starter> {
    return (this.#starter ??= this.#makeStarter());
  }

  /** A data folder with 10,000 records. */
  seed(): Promise<Seed> {
    return (this.#seed ??= this.#makeSeed());
  }

  async close(): Promise<void> {
    await (await this.#desktop)?.close();
  }

  async #makeStarter(): Promise<Starter> {
    return new Starter(this.runtime, await this.desktop(), await buildApps(this.place));
  }

  async #makeSeed(): Promise<Seed> {
    const seed = await seedFolder(this.place, records, versionOf(this.place));
    say(`${seed.records} records, ${seed.facts} facts, ${seed.open} still open.`);
    return seed;
  }
}

/** What was seeded by another store, or from another day, is no longer what is measured. */
function versionOf({ root, product }: Place): string {
  const hash = createHash('sha256');
  for (const file of [
    path.join(product, 'out/main/store-worker.cjs'),
    ...['day.ts', 'seed.ts'].map((name) => path.join(root, 'test/bench', name)),
  ]) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}
