import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { nodeProgram } from '../../build/vite/node.ts';
import type { Ordering } from '../../domain/review/query.ts';
import type { Place } from './place.ts';

/** One of the other ways to hold records, see `apps/holder.ts`. */
export interface Holder {
  /** Ms a question took inside the process; null when it did not end in time, or could not be. */
  readonly ask: (question: Question) => Promise<number | null>;
  /** Why nothing more comes; null while it goes well. */
  readonly problem: () => string | null;
  /** Of the whole process, when last heard of. */
  readonly megabytes: () => number;
  readonly close: () => Promise<void>;
}
export type Question =
  | { readonly ask: 'first'; readonly count: number }
  | { readonly ask: 'page'; readonly from: number; readonly count: number }
  | { readonly ask: 'search'; readonly text: string; readonly by: Ordering; readonly count: number }
  | { readonly ask: 'export'; readonly file: string }
  | { readonly ask: 'commit'; readonly text: string }
  | { readonly ask: 'open'; readonly key: string };

interface Answer {
  readonly ms?: number;
  readonly ready?: true;
  readonly megabytes?: number;
  readonly problem?: string;
}

export async function buildHolder(place: Place): Promise<string> {
  const outDir = path.join(place.scratch, 'holder');
  const program = nodeProgram(place.root, {
    entry: path.join(place.root, 'test/bench/apps/holder.ts'),
    room: 'bench',
    name: 'holder',
    target: 'node20.18',
    external: ['libsql'],
  });
  await build({ ...program, build: { ...program.build, outDir }, logLevel: 'error' });
  return path.join(outDir, 'holder.cjs');
}

/** What holds the records: the product's database, by its worker and its key; SQLite, in its file; or another way, from NDJSON. */
export type HolderKind =
  | { readonly kind: 'database'; readonly file: string; readonly folder: string; readonly keyHex: string }
  | { readonly kind: 'plain' | 'conf' | 'scan'; readonly file: string };

/** Starts one and waits until it holds everything, or `limitMs` are over. Every answer has that long too. */
export async function startHolder(
  place: Place,
  program: string,
  what: HolderKind,
  limitMs: number,
): Promise<Holder> {
  const { kind, file } = what;
  const own = path.join(place.scratch, `held-${kind}`);
  await mkdir(own, { recursive: true });
  const [folder, keyHex] = kind === 'database' ? [what.folder, what.keyHex] : [own, ''];
  // All the memory this machine can spare: running out of it early would be unfair.
  const child = spawn(process.execPath, ['--max-old-space-size=14000', program, kind, file, folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, HOLDER_KEY: keyHex },
  });
  let problem: string | null = null;
  const hasFailed = (): boolean => problem !== null;
  let megabytes = 0;
  let heard: (answer: Answer | null) => void = () => undefined;
  const exited = new Promise<void>((resolve) => {
    child.on('close', (code, signal) => {
      problem ??= `ended with ${signal ?? String(code)}`;
      heard(null);
      resolve();
    });
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    megabytes = answer.megabytes ?? megabytes;
    problem ??= answer.problem ?? null;
    heard(answer);
  });
  const next = async (): Promise<Answer | null> => {
    if (hasFailed()) return null;
    const timer = setTimeout(() => {
      problem = `not finished in ${limitMs / 1000} s`;
      child.kill('SIGKILL');
    }, limitMs);
    const answer = await new Promise<Answer | null>((resolve) => (heard = resolve));
    clearTimeout(timer);
    return hasFailed() ? null : answer;
  };

  await next();
  return {
    ask: async (question) => {
      if (hasFailed()) return null;
      const answer = next();
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return (await answer)?.ms ?? null;
    },
    problem: () => problem,
    megabytes: () => megabytes,
    close: async () => {
      child.stdin.end();
      child.kill('SIGKILL');
      await exited;
      await rm(own, { recursive: true, force: true });
    },
  };
}
