import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followSessionLock } from '../../../electron/shell/dbus.ts';

const at = '/org/freedesktop/login1/session/_31: org.freedesktop';
const opened = `${at}.login1.Session.Unlock ()`;

/** As the real `gdbus monitor` prints it. */
function changed(properties: string, of = 'org.freedesktop.login1.Session'): string {
  return `${at}.DBus.Properties.PropertiesChanged ('${of}', {${properties}}, @as [])`;
}

/** Of a machine that takes long to start a program: only what hangs is to fail. */
const patience = { timeout: 30_000 };

let folder: string;
let stop = (): void => undefined;
const changedTo = vi.fn<(isLocked: boolean) => void>();

/** Puts programs of ours before those of the system. */
async function play(programs: Record<string, string>): Promise<void> {
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\ncd '${folder}'\n${script}\n`);
    await chmod(path.join(folder, name), 0o755);
  }
}

/** A `gdbus monitor` that has heard these lines, leaves its process id in `pid`, and then listens on or ends. */
async function listening(lines: readonly string[], { ends = false, sessionId = '1' } = {}): Promise<void> {
  await writeFile(path.join(folder, 'lines'), lines.map((line) => `${line}\n`).join(''));
  await play({ gdbus: `echo "$@" > arguments; cat lines; echo $$ > pid; ${ends ? '' : 'exec sleep 60'}` });
  stop = followSessionLock(changedTo, sessionId);
}

/** Of the listener, once it has said all it has to say. */
async function listener(): Promise<number> {
  return vi.waitFor(async () => {
    const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8'));
    expect(pid).toBeGreaterThan(0);
    return pid;
  }, patience);
}

const isGone = (pid: number): Promise<void> =>
  vi.waitFor(() => {
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, patience);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-dbus-'));
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
});
afterEach(async () => {
  stop();
  vi.unstubAllEnvs();
  vi.clearAllMocks();
  await rm(folder, { recursive: true, force: true });
});

describe('a session that is locked or unlocked', () => {
  it.each([
    ['told to open', opened, false],
    ['said to be open', changed("'LockedHint': <false>"), false],
    [
      'said to be open among other things',
      changed("'IdleSinceHint': <uint64 1>, 'State': <'active'>, 'IdleHint': <false>, 'LockedHint': <false>"),
      false,
    ],
    ['told to lock', `${at}.login1.Session.Lock ()`, true],
    ['said to be locked', changed("'IdleHint': <true>, 'LockedHint': <true>"), true],
  ])('%s is heard of', async (_what, line, isLocked) => {
    await listening([line]);
    await vi.waitFor(() => {
      expect(changedTo.mock.calls).toEqual([[isLocked]]);
    }, patience);
    expect(await readFile(path.join(folder, 'arguments'), 'utf8')).toBe(
      'monitor --system --dest org.freedesktop.login1\n',
    );
  });

  it('is told from everything else that is said', async () => {
    await listening([
      'Monitoring signals from all objects owned by org.freedesktop.login1',
      'The name org.freedesktop.login1 is owned by :1.3',
      `${at}.login1.Session.UnlockAll ()`,
      `${at}.login1.Manager.SessionNew ('c2', objectpath '${opened}')`,
      opened.replace('_31', '_32'),
      changed("'LockedHint': <true>").replace('_31', 'c1'),
      changed("'IdleHint': <false>"),
      changed("'LockedHint': <false>", 'org.freedesktop.login1.User'),
      opened,
    ]);
    await vi.waitFor(() => {
      expect(changedTo).toHaveBeenCalled();
    }, patience);
    expect(changedTo.mock.calls).toEqual([[false]]);
  });

  it('may be any where it is not known which is ours', async () => {
    await listening([opened.replace('_31', 'c1')], { sessionId: '' });
    await vi.waitFor(() => {
      expect(changedTo.mock.calls).toEqual([[false]]);
    }, patience);
  });

  it('is listened for until it is stopped', async () => {
    await listening([]);
    const pid = await listener();
    stop();
    await isGone(pid);
  });

  it('is not heard of any more, and nothing breaks, once the bus is gone', async () => {
    await listening([opened], { ends: true });
    await isGone(await listener());
    await vi.waitFor(() => {
      expect(changedTo).toHaveBeenCalledTimes(1);
    }, patience);
  });

  it('is not heard of, and nothing breaks, where there is no program to listen with', async () => {
    vi.stubEnv('PATH', folder);
    stop = followSessionLock(changedTo, '1');
    // It starts at the end of this turn; a failure nobody catches breaks the run.
    await setImmediate();
    expect(changedTo).not.toHaveBeenCalled();
  });
});
