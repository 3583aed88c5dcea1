import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { databaseIn, parseSaid } from './workbench.ts';

/** What a disk writes whole or not at all, in bytes. */
export const sectorSize = 512;

/** What the engine and its log were at one moment. */
export interface Image {
  readonly file: Buffer;
  readonly log: Buffer;
}

/** How far the writer had got, as it was told. */
export interface Acknowledged {
  readonly fact: number;
  readonly draft: number;
  readonly submission: number;
  /** Records that are gone. */
  readonly deleted: number;
  /** 1 once the schema is another. */
  readonly migrated: number;
}

/** How a file changed: its size now, and the sectors that are others. */
export interface Change {
  readonly size: number;
  readonly sectors: readonly { readonly at: number; readonly bytes: Buffer }[];
}

/** What was written between two acknowledgements. */
export interface Interval {
  readonly file: Change;
  readonly log: Change;
  /** The log began anew over what it held. */
  readonly newRound: boolean;
  readonly acknowledged: Acknowledged;
}

/** Everything the writer's files ever were. */
export interface Tape {
  readonly first: Image;
  readonly intervals: readonly Interval[];
}

function readImage(folder: string): Image {
  const log = `${databaseIn(folder)}-wal`;
  return {
    file: readFileSync(databaseIn(folder)),
    log: existsSync(log) ? readFileSync(log) : Buffer.alloc(0),
  };
}

function isStopped(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  try {
    return readdirSync(tasks).every((task) => / T /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8')));
  } catch {
    // A thread ended between the listing and the reading: look again.
    return false;
  }
}

/** Both files of one moment: no thread of the program writes meanwhile. */
function imageOf(program: ChildProcessWithoutNullStreams, folder: string): Image {
  const { pid } = program;
  if (pid === undefined) throw new Error('The writer has not started');
  program.kill('SIGSTOP');
  while (!isStopped(pid)); // Microseconds; the kernel has no call that waits for it here.
  const image = readImage(folder);
  program.kill('SIGCONT');
  return image;
}

function changeOf(before: Buffer, after: Buffer): Change {
  const sectors: { at: number; bytes: Buffer }[] = [];
  for (let at = 0; at < after.length; at += sectorSize) {
    const now = after.subarray(at, at + sectorSize);
    if (!now.equals(before.subarray(at, at + now.length))) sectors.push({ at, bytes: Buffer.from(now) });
  }
  return { size: after.length, sectors };
}

/** The file when of a change only these sectors reached the disk: the others are what they were, or nothing. */
export function torn(before: Buffer, { size, sectors }: Change, reached: (index: number) => boolean): Buffer {
  const there = sectors.filter((_sector, index) => reached(index));
  const end = Math.max(Math.min(before.length, size), ...there.map(({ at, bytes }) => at + bytes.length));
  const state = Buffer.alloc(end);
  before.copy(state);
  for (const { at, bytes } of there) bytes.copy(state, at);
  return state;
}

export function changed(before: Buffer, { size, sectors }: Change): Buffer {
  const state = Buffer.alloc(size);
  before.copy(state);
  for (const { at, bytes } of sectors) bytes.copy(state, at);
  return state;
}

/** What the files were at the beginning of an interval. */
export function imageBefore({ first, intervals }: Tape, interval: number): Image {
  let { file, log } = first;
  for (const each of intervals.slice(0, interval)) {
    file = each.file.sectors.length > 0 || each.file.size !== file.length ? changed(file, each.file) : file;
    log = changed(log, each.log);
  }
  return { file, log };
}

/** Salts of the log's header: others whenever it begins anew. */
const roundOf = ({ log }: Image): string => log.subarray(16, 24).toString('hex');

/**
 * Runs the real writer for so many acknowledgements and keeps what its files were after each.
 * @param command of the paced writer
 */
export async function record(
  command: readonly [string, string[]],
  folder: string,
  acknowledgements: number,
): Promise<Tape> {
  const program = spawn(...command);
  const intervals: Interval[] = [];
  let first: Image | null = null;
  let before: Image | null = null;
  let acknowledged: Acknowledged = { fact: 0, draft: 0, submission: 0, deleted: 0, migrated: 0 };
  for await (const line of createInterface({ input: program.stdout })) {
    const after = imageOf(program, folder);
    first ??= after;
    if (before) {
      intervals.push({
        file: changeOf(before.file, after.file),
        log: changeOf(before.log, after.log),
        newRound: roundOf(before) !== roundOf(after),
        acknowledged,
      });
    }
    before = after;
    acknowledged = { ...acknowledged, ...parseSaid(line) };
    if (intervals.length === acknowledgements) program.kill('SIGKILL');
    else program.stdin.write('\n');
  }
  if (!first) throw new Error('The writer said nothing');
  return { first, intervals };
}
