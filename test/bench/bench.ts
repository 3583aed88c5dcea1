import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { ROOT } from '../../build/paths.mjs';
import type { Runtime } from '../../build/runtime/official.mjs';
import { say } from '../../build/say.mjs';
import { measureAlert } from './alert.ts';
import { measureArchive } from './archive.ts';
import { measureCodes } from './codes.ts';
import { measureCommit } from './commit.ts';
import { measureFlood } from './flood.ts';
import type { Kind } from './goals.mjs';
import { measureGrowth } from './growth.ts';
import { growthLines } from './growth-table.ts';
import { measureIdle } from './idle.ts';
import { measureMemory } from './memory.ts';
import type { Place } from './place.ts';
import { measureReduce } from './reduce.ts';
import { judge, linesOf, missesOf, readingOf, type Reading } from './report.ts';
import { measureReview } from './review.ts';
import { measureReviewWindow } from './review-window.ts';
import { scaleTable, type ScaleLine } from './scale.ts';
import { measureSize } from './size.ts';
import { measureStart } from './start.ts';
import { measureWorkday } from './workday.ts';
import { markdownTable, textTable } from './text-table.ts';
import { Workshop, type Measured, type Sizes } from './workshop.ts';

export interface BenchOptions extends Sizes {
  readonly kinds: readonly Kind[];
  readonly runtime: Runtime;
}

const measures: Readonly<Record<Kind, (workshop: Workshop) => Promise<Measured>>> = {
  start: measureStart,
  memory: measureMemory,
  alert: measureAlert,
  idle: measureIdle,
  commit: measureCommit,
  review: reviewed,
  // The same records held in other ways; apart, because some of those take minutes for an answer.
  rivals: async ({ place, sizes }) => ({ scale: await measureReview(place, sizes.records) }),
  flood: measureFlood,
  reduce: measureReduce,
  size: measureSize,
  workday: measureWorkday,
  growth: measureGrowth,
  archive: measureArchive,
  codes: async ({ place, runtime }) => ({ scale: await measureCodes(place, runtime) }),
};

/**
 * Measures and prints one table of what has a goal, and one for each of the others; writes `out/bench/<date>.json`,
 * and `.md` with the tables for a page.
 * Resolves with one line for each goal that was missed.
 */
export async function bench({ kinds, runtime, ...sizes }: BenchOptions): Promise<string[]> {
  const place = makePlace();
  const workshop = new Workshop(place, runtime, sizes);
  try {
    const before = surroundings(runtime.version);
    const measured: Measured[] = [];
    const failures: string[] = [];
    for (const kind of kinds) {
      say(`Measuring ${kind} …`);
      try {
        measured.push(await measures[kind](workshop));
      } catch (error) {
        // The others are worth their figures still; its goals count as missed.
        failures.push(`${kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    }
    const rows = measured.flatMap(({ readings = [] }) => readings).map(judge);
    const scale = measured.flatMap((each) => each.scale ?? []);
    const growth = measured.flatMap((each) => each.growth ?? []);
    const missed = missesOf(rows, kinds);
    const file = path.join(ROOT, 'out/bench', before.date.replace(/[:.]/g, '-'));
    mkdirSync(path.dirname(file), { recursive: true });
    const report = { ...before, rows, growth, scale, missed, failures };
    writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
    const tables = [
      ...(rows.length > 0 ? [linesOf(rows)] : []),
      ...(growth.length > 0 ? [growthLines(growth)] : []),
    ];
    writeFileSync(`${file}.md`, `${tables.map(markdownTable).join('\n\n')}\n`);
    const texts = [...tables.map(textTable), ...(scale.length > 0 ? [scaleTable(scale)] : [])];
    for (const text of texts) process.stdout.write(`\n${text}\n`);
    for (const failure of failures) say(`Could not measure ${failure}`);
    say(`Electron ${runtime.version}; ${path.relative(process.cwd(), file)}.json`);
    return missed;
  } finally {
    await workshop.close();
    rmSync(place.scratch, { recursive: true, force: true });
  }
}

function makePlace(): Place {
  // On the disk the product would write to: /tmp may be memory.
  const caches = path.join(ROOT, 'node_modules/.cache');
  const volumes = path.join(caches, 'bench-volumes');
  mkdirSync(volumes, { recursive: true });
  const scratch = mkdtempSync(path.join(caches, 'bench-run-'));
  const product = path.join(scratch, 'product');
  for (const part of ['out/main', 'out/preload', 'out/renderer', 'assets', 'package.json']) {
    cpSync(path.join(ROOT, part), path.join(product, part), { recursive: true });
  }
  return { root: ROOT, product, cache: path.join(caches, 'bench'), volumes, scratch };
}

async function reviewed({ place, runtime, sizes }: Workshop): Promise<Measured> {
  const window = await measureReviewWindow(place, runtime, sizes.records);
  return { readings: window.flatMap(typingGoal), scale: window };
}

/** What a person sees of P7; its goals are for two of the sizes. */
function typingGoal({ id, records, ours }: ScaleLine): Reading[] {
  if (id !== 'P7') return [];
  if (records === 100_000) return [readingOf('reviewTyped', { ours })];
  return records === 1_000_000 ? [readingOf('reviewTypedMillion', { ours })] : [];
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
