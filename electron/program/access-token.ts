import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ok, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';

/** Tokens have a few hundred characters. */
const mostBytes = 64 * 1024;
/** How long to wait for more where nothing has come yet, ms. */
const pauseMs = 20;

/** Everything up to the end, or to the first line's. @throws what the system says */
function readFirstLine(descriptor: number): string {
  const bytes = Buffer.alloc(mostBytes);
  let length = 0;
  while (length < mostBytes && !bytes.subarray(0, length).includes('\n')) {
    try {
      const more = readSync(descriptor, bytes, length, mostBytes - length, null);
      if (more === 0) break;
      length += more;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'EOF') break;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
  return bytes.subarray(0, length).toString('utf8').split('\n')[0]?.trim() ?? '';
}

/** Why others could know what is in the file; null when only its owner, who is this person, can read it. */
function exposure(descriptor: number, file: string): string | null {
  // Windows has no such bits: a file in a person's own folder is theirs.
  if (process.platform === 'win32') return null;
  const { mode, uid } = fstatSync(descriptor);
  if (uid !== process.getuid?.()) return say('flag.tokenFile.owner', { file });
  return (mode & 0o077) === 0 ? null : say('flag.tokenFile.exposed', { file });
}

function readFrom(descriptor: number, file: string): Result<string> {
  const token = readFirstLine(descriptor);
  return token === '' ? refused(say('flag.tokenFile.empty', { file })) : ok(token);
}

/**
 * The access token in the first line of a file only this person can read; of standard input where `file` is `-`.
 * Nobody else sees it there, unlike in the environment, which the browser engine's own processes have as well.
 */
export function readAccessToken(file: string): Result<string> {
  let descriptor: number | null = null;
  try {
    if (file === '-') return readFrom(0, say('flag.tokenFile.input'));
    // A pipe nobody writes to would be waited for without an end.
    descriptor = openSync(
      file,
      constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK),
    );
    if (!fstatSync(descriptor).isFile()) return refused(say('flag.tokenFile.notAFile', { file }));
    const exposed = exposure(descriptor, file);
    return exposed === null ? readFrom(descriptor, file) : refused(exposed);
  } catch (error) {
    return refused(say('flag.tokenFile.unreadable', { file, reason: reasonOf(error) }));
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
