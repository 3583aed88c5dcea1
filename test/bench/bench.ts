import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../build/paths.mjs';
import { resolveRuntime } from '../../build/runtime/resolve.mjs';
import { say, Stop } from '../../build/say.mjs';
import { startDesktop } from '../desktop/desktop.mjs';
import { measureCommit } from './commit.ts';
import { measureMemory } from './memory.ts';
import type { Place } from './place.ts';
import { buildApps, Starter, type Program } from './programs.ts';
import { judge, tableOf, type Row } from './report.ts';
import { seedFolder } from './seed.ts';
import { measureStart } from './start.ts';

const RECORDS = 10_000;
const KINDS = ['start', 'memory', 'commit'] as const;
type Kind = (typeof KINDS)[number];

/**
 * Measures and prints one table; writes `out/bench/<date>.json`.
 * @param args `--pairs <n>`: how often each pair is measured (default: 15 for start, 5 for memory);
 *   `--only start|memory|commit`: one kind of measure
 */
export async function bench(args: string[]): Promise<void> {
  const { pairs, kinds } = readArguments(args);
  // On the disk the product would write to: /tmp may be memory.
  const cache = path.join(ROOT, 'node_modules/.cache/bench');
  mkdirSync(path.dirname(cache), { recursive: true });
  const scratch = mkdtempSync(path.join(ROOT, 'node_modules/.cache/bench-run-'));
  const place: Place = { root: ROOT, product: path.join(scratch, 'product'), cache, scratch };
  for (const part of ['out/main', 'out/preload', 'out/renderer', 'assets', 'package.json']) {
    cpSync(path.join(ROOT, part), path.join(place.product, part), { recursive: true });
  }
  const runtime = await resolveRuntime({ quiet: true });
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
      args: ['--user-data-dir', path.join(scratch, 'blank')],
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
    const judged = rows.map(judge);
    const report = {
      ...surroundings(runtime.version),
      records: seed.records,
      facts: seed.facts,
      rows: judged,
    };
    const file = path.join(ROOT, 'out/bench', `${report.date.replace(/[:.]/g, '-')}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
    process.stdout.write(`\n${tableOf(judged)}\n\n`);
    say(`Electron ${runtime.version}; ${path.relative(process.cwd(), file)}`);
  } finally {
    await desktop.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readArguments(args: string[]): { pairs: number | undefined; kinds: readonly Kind[] } {
  const { values } = parseArgs({ args, options: { pairs: { type: 'string' }, only: { type: 'string' } } });
  const pairs = values.pairs === undefined ? undefined : Number(values.pairs);
  if (pairs !== undefined && !(Number.isInteger(pairs) && pairs > 0)) {
    throw new Stop(`--pairs must be a whole number above 0; it was "${String(values.pairs)}".`);
  }
  if (values.only === undefined) return { pairs, kinds: KINDS };
  const kind = KINDS.find((each) => each === values.only);
  if (!kind) throw new Stop(`--only must be one of ${KINDS.join(', ')}; it was "${values.only}".`);
  return { pairs, kinds: [kind] };
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
