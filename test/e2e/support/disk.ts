import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../../build/paths.mjs';

/** What is mounted over the folder. */
export type Medium =
  /** The folder as it is, but nothing can be written. */
  | { readonly kind: 'read-only' }
  /** An empty disk of that many bytes. */
  | { readonly kind: 'small'; readonly bytes: number }
  /** The folder as it is, with what is in another one laid over it. */
  | { readonly kind: 'laid-over'; readonly folder: string };

/**
 * A disk that misbehaves, seen only by programs started through it: a mount in a mount namespace of its own,
 * which the kernel takes away with its last process. Permission bits would prove nothing to root.
 */
export class Disk {
  /** The folder as programs on this disk see it. */
  readonly folder: string;
  readonly #holder: ChildProcess;
  readonly #scripts: string;

  private constructor(folder: string, holder: ChildProcess, scripts: string) {
    this.folder = folder;
    this.#holder = holder;
    this.#scripts = scripts;
  }

  /** Resolves when the mount is there; rejects with the words of what refused it. */
  static async mountAt(folder: string, medium: Medium): Promise<Disk> {
    mkdirSync(folder, { recursive: true });
    const holder = spawn(
      'unshare',
      [...namespaces(), 'sh', '-c', `${mountOf(medium)} && echo ready && cat`, 'sh', folder],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    let said = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit').then(() => Promise.reject(new Error(`The disk could not be mounted: ${said}`))),
    ]);
    return new Disk(folder, holder, mkdtempSync(path.join(os.tmpdir(), 'sharelight-disk-')));
  }

  /** The same file or folder as this process can reach it. */
  reach(...parts: string[]): string {
    return path.join(`/proc/${String(this.#holder.pid)}/root`, this.folder, ...parts);
  }

  /** A program that starts `executable` on this disk, with all its arguments. */
  starter(executable: string): string {
    const enter = `nsenter --target ${String(this.#holder.pid)} ${namespaces(true).join(' ')}`;
    const script = path.join(this.#scripts, 'start');
    // Entering leads to the root of the file system; every step replaces the process, so its id stays.
    const run = `exec ${enter} sh -c 'cd "$0" && exec "$@"' '${ROOT}' '${executable}' "$@"`;
    writeFileSync(script, `#!/bin/sh\n${run}\n`, { mode: 0o700 });
    return script;
  }

  /** Writes until there is no room left; `free` gives it back. */
  fill(): void {
    const filler = openSync(this.reach('filler'), 'w');
    try {
      // A write that does not fit is cut short first, so nothing remains.
      for (;;) writeSync(filler, Buffer.alloc(1 << 16));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(filler);
    }
  }

  free(): void {
    rmSync(this.reach('filler'));
  }

  async close(): Promise<void> {
    rmSync(this.#scripts, { recursive: true, force: true });
    if (this.#holder.exitCode !== null) return;
    const gone = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await gone;
  }
}

/** The command that mounts it; the folder is its first argument. */
function mountOf(medium: Medium): string {
  switch (medium.kind) {
    case 'read-only':
      return 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"';
    case 'small':
      return `mount -t tmpfs -o size=${String(medium.bytes)},mode=0700 tmpfs "$1"`;
    case 'laid-over':
      return `mount -t overlay -o "lowerdir=${medium.folder}:$1" overlay "$1"`;
  }
}

/** Root may mount in a mount namespace; anybody else in a user namespace of their own where they are root enough. */
function namespaces(entering = false): string[] {
  if (process.getuid?.() === 0) return ['--mount'];
  return [
    '--user',
    '--mount',
    ...(entering ? ['--preserve-credentials'] : ['--map-current-user', '--keep-caps']),
  ];
}
