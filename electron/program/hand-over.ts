import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron/main';
import { readHandOver, readHandOverReply, type HandOver, type Verb } from '../../domain/hand-over.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';

/**
 * `sharelight --answer` and its like: a start that hands one thing to the program that runs, waits for its reply and
 * ends. The single-instance lock carries the one, a file in the private folder of that program the other.
 */

/** Private to the person, and there while a program runs. */
const sessionFolder = (folder: string): string => join(folder, 'session');
const replyFile = (folder: string, id: string): string => join(sessionFolder(folder), `reply-${id}.json`);

/** How long the reply is waited for; the server may be slow, ms. */
const answeredByMs = 20_000;
const lookEveryMs = 15;
/** A reply nobody has taken by then is taken by nobody, ms. */
const untakenMs = 60_000;

const noneRuns = 3;

/**
 * Nothing else goes on in this process: while it waits, the browser engine must not begin to use the folder.
 *
 * @returns the reply as it was left; null when none came
 */
function waitForReply(file: string): Result | null {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < answeredByMs; waited += lookEveryMs) {
    if (existsSync(file)) {
      const text = readFileSync(file, 'utf8');
      rmSync(file, { force: true });
      return readHandOverReply(text);
    }
    Atomics.wait(nobody, 0, 0, lookEveryMs);
  }
  return null;
}

/** Hands it to the program that runs with this folder. Returns the exit code, and the one line that says why. */
export function handOver(
  verb: Verb,
  userDataDir: string | null,
): { readonly code: number; readonly line: string } {
  const folder = userDataDir === null ? app.getPath('userData') : resolve(userDataDir);
  const none = { code: noneRuns, line: say('handOver.noneRuns', { folder }) };
  // Whoever only asks makes no folders.
  if (!existsSync(sessionFolder(folder))) return none;
  app.setPath('userData', folder);
  app.setPath('sessionData', sessionFolder(folder));
  const handed: HandOver = { verb, id: randomBytes(16).toString('hex') };
  if (app.requestSingleInstanceLock({ ...handed })) {
    app.releaseSingleInstanceLock();
    return none;
  }
  const reply = waitForReply(replyFile(folder, handed.id)) ?? refused(say('handOver.noReply'));
  return reply.ok ? { code: 0, line: '' } : { code: 1, line: reply.reason };
}

interface HandedOverParts {
  /** The data folder. */
  readonly folder: string;
  readonly perform: (verb: Verb) => Promise<Result>;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: (message: string) => void;
}

/** Does what another start has handed over, and leaves the reply. `data` is whatever came. */
export async function takeHandOver(data: unknown, parts: HandedOverParts): Promise<void> {
  const { folder, clock, log } = parts;
  const handed = readHandOver(data);
  if (!handed) {
    log('hand-over: not understood');
    return;
  }
  const reply = await parts.perform(handed.verb).catch((error: unknown): Result => refused(reasonOf(error)));
  log(`hand-over: ${handed.verb}: ${reply.ok ? 'done' : 'refused'}`);
  const file = replyFile(folder, handed.id);
  try {
    // Whoever waits for it sees it whole.
    writeFileSync(`${file}.part`, JSON.stringify(reply), { mode: 0o600, flag: 'wx' });
    renameSync(`${file}.part`, file);
  } catch (error) {
    log(`hand-over: no reply: ${reasonOf(error)}`);
  }
  clock.after(untakenMs, () => {
    rmSync(file, { force: true });
  });
}
