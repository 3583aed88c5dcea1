import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../build/paths.mjs';
import type { Runtime } from '../../build/runtime/official.mjs';
import { say } from '../../build/say.mjs';
import { startDesktop } from '../desktop/desktop.mjs';
import { measureCodes } from './codes.ts';
import { measureCommit } from './commit.ts';
import { measureMemory } from './memory.ts';
import type { Place } from './place.ts';
import { buildApps, Starter, type Program } from './programs.ts';
import { judge, tableOf, type Judged, type Row } from './report.ts';
import { measureReview } from './review.ts';
import { measureReviewWindow } from './review-window.ts';
import { scaleTable } from './scale.ts';
import { seedFolder } from './seed.ts';
import { measureStart } from './start.ts';

const RECORDS = 10_000;
export type Kind = 'start' | 'memory' | 'commit' | 'review' | 'codes';
/** Measured against other programs, not at several sizes. */
type ProgramKind = Exclude<Kind, 'review' | 'codes'>;
const isOfPrograms = (kind: Kind): kind is ProgramKind => kind !== 'review' && kind !== 'codes';

export interface BenchOptions {
  readonly kinds: readonly Kind[];
  /** How often each pair is measured; default 15 for start, 5 for memory. */
  readonly pairs: number | undefined;
  /** Sizes at which the review is measured, the smallest first. */
  readonly records: readonly number[];
  readonly runtime: Runtime;
}

/** Measures and prints one table, or two; writes `out/bench/<date>.json`. */
export async function bench({ kinds, pairs, records, runtime }: BenchOptions): Promise<void> {
  // On the disk the product would write to: /tmp may be memory.
  const cache = path.join(ROOT, 'node_modules/.cache/bench');
  const volumes = path.join(ROOT, 'node_modules/.cache/bench-volumes');
  mkdirSync(volumes, { recursive: true });
  const scratch = mkdtempSync(path.join(ROOT, 'node_modules/.cache/bench-run-'));
  const place: Place = { root: ROOT, product: path.join(scratch, 'product'), cache, volumes, scratch };
  for (const part of ['out/main', 'out/preload', 'out/renderer', 'assets', 'package.json']) {
    cpSync(path.join(ROOT, part), path.join(place.product, part), { recursive: true });
  }
  try {
    const before = surroundings(runtime.version);
    const programs = kinds.filter(isOfPrograms);
    const measured = programs.length === 0 ? null : await measurePrograms(place, runtime, programs, pairs);
    const scale = [
      ...(kinds.includes('review')
        ? [...(await measureReviewWindow(place, runtime, records)), ...(await measureReview(place, records))]
        : []),
      ...(kinds.includes('codes') ? await measureCodes(place, runtime) : []),
    ];
    const report = { ...before, ...measured, scale };
    const file = path.join(ROOT, 'out/bench', `${report.date.replace(/[:.]/g, '-')}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    if (measured) process.stdout.write(`\n${tableOf(measured.rows)}\n`);
    if (scale.length > 0) process.stdout.write(`\n${scaleTable(scale)}\n`);
    say(`Electron ${runtime.version}; ${path.relative(process.cwd(), file)}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Measured {
  readonly records: number;
  readonly facts: number;
  readonly rows: readonly Judged[];
}

async function measurePrograms(
  place: Place,
  runtime: Runtime,
  kinds: readonly ProgramKind[],
  pairs: number | undefined,
): Promise<Measured> {
  const desktop = await startDesktop({ keyring: false });
  try {
    const seed = await seedFolder(place, RECORDS, versionOf(place));
    say(`${seed.records} records, ${seed.facts} facts, ${seed.open} still open.`);
    const apps = await buildApps(place);
    const starter = new Starter(runtime, desktop, apps);
    const blank: Program = {
      main: path.join(apps, 'blank.cjs'),
      root: apps,
      watch: 'window.painted',
      args: ['--user-data-dir', path.join(place.scratch, 'blank')],
    };
    const rows: Row[] = [];
    for (const kind of kinds) {
      say(`Measuring ${kind} …`);
      switch (kind) {
        case 'start':
          rows.push(...(await measureStart(place, starter, seed, blank, pairs ?? 15)));
          break;
        case 'memory':
          rows.push(...(await measureMemory(place, starter, seed, blank, pairs ?? 5)));
          break;
        case 'commit':
          rows.push(...(await measureCommit(place, seed)));
          break;
      }
    }
    return { records: seed.records, facts: seed.facts, rows: rows.map(judge) };
  } finally {
    await desktop.close();
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

function surroundings(electron: string) {
  return {
    date: new Date().toISOString(),
    electron,
    machine: {
      system: `${os.type()} ${os.release()}`,
      cpus: os.cpus().length,
      cpu: os.cpus()[0]?.model ?? '',
    },
    // Somebody else at work on the machine is the first thing to look for in odd numbers.
    loadBefore: os.loadavg()[0],
  };
}
