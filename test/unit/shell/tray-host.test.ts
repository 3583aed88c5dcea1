import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followTrayHost, hasTrayHost, parseWatcher } from '../../../electron/shell/tray-host.ts';
import { createManualClock } from '../feed/manual-clock.ts';

describe('what a watcher says of itself', () => {
  it.each([
    [
      'icons by their unique names',
      "({'IsStatusNotifierHostRegistered': <true>, 'RegisteredStatusNotifierItems': <[':1.5/StatusNotifierItem', ':1.77/org/ayatana/x']>, 'ProtocolVersion': <0>},)",
      { hasHost: true, owners: [':1.5', ':1.77'] },
    ],
    [
      'icons by names without a path',
      "({'RegisteredStatusNotifierItems': <['org.kde.StatusNotifierItem-12-1']>, 'IsStatusNotifierHostRegistered': <true>},)",
      { hasHost: true, owners: ['org.kde.StatusNotifierItem-12-1'] },
    ],
    [
      'no host and no icon',
      "({'RegisteredStatusNotifierItems': <@as []>, 'IsStatusNotifierHostRegistered': <false>},)",
      { hasHost: false, owners: [] },
    ],
    ['nothing', '(@a{sv} {},)', { hasHost: false, owners: [] }],
  ])('%s', (_what, reply, said) => {
    expect(parseWatcher(reply)).toEqual(said);
  });
});

let folder: string;
let stop = (): void => undefined;

/** What `gdbus call` answers for the watcher from now on; '' is no watcher. */
const watcher = (reply: string): Promise<void> => writeFile(path.join(folder, 'watcher'), reply);
/** What `gdbus monitor` prints next. */
const signal = (line: string): Promise<void> => appendFile(path.join(folder, 'signals'), `${line}\n`);

const state = (hasHost: boolean, ...owners: string[]): string => {
  const items = owners.map((owner) => `'${owner}/StatusNotifierItem'`).join(', ');
  return `({'IsStatusNotifierHostRegistered': <${String(hasHost)}>, 'RegisteredStatusNotifierItems': <[${items}]>},)`;
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sharelight-tray-'));
  await signal('Monitoring');
  await watcher('');
  // Process 1 is somebody else's; the bus name ':1.9' is ours.
  const script = `#!/bin/sh
cd '${folder}'
case "$*" in
  monitor*) exec tail -n +1 -f signals ;;
  *GetConnectionUnixProcessID*:1.9) echo '(uint32 ${String(process.pid)},)' ;;
  *GetConnectionUnixProcessID*) echo '(uint32 1,)' ;;
  *) [ -s watcher ] && cat watcher ;;
esac
`;
  await writeFile(path.join(folder, 'gdbus'), script);
  await chmod(path.join(folder, 'gdbus'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
});
afterEach(async () => {
  stop();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function follow() {
  const clock = createManualClock();
  const onChange = vi.fn<(isShown: boolean) => void>();
  const renew = vi.fn<() => void>();
  const host = followTrayHost({ platform: 'linux', clock, onChange, renew });
  stop = host.stop;
  /** Lets time go on until it is so. */
  const until = (check: () => void): Promise<void> =>
    vi.waitFor(
      async () => {
        await clock.advance(100);
        check();
      },
      { timeout: 10_000, interval: 20 },
    );
  return { onChange, renew, until, host };
}

describe('a tray that is followed', () => {
  it('comes after the program, goes and comes back', async () => {
    const { onChange, renew, until } = follow();
    await until(() => {
      expect(onChange.mock.calls).toEqual([[false]]);
    });
    expect(renew).not.toHaveBeenCalled();

    // A host that came after the icon gets a new one.
    await watcher(state(true, ':1.2'));
    await signal('The name org.kde.StatusNotifierWatcher is owned by :1.1');
    await until(() => {
      expect(renew).toHaveBeenCalledTimes(1);
    });
    await watcher(state(true, ':1.2', ':1.9'));
    await signal(
      "/StatusNotifierWatcher: org.kde.StatusNotifierWatcher.StatusNotifierItemRegistered (':1.9')",
    );
    await until(() => {
      expect(onChange).toHaveBeenLastCalledWith(true);
    });

    await watcher('');
    await signal('The name org.kde.StatusNotifierWatcher does not have an owner');
    await until(() => {
      expect(onChange).toHaveBeenLastCalledWith(false);
    });
    await watcher(state(true, ':1.9'));
    await signal('The name org.kde.StatusNotifierWatcher is owned by :1.30');
    await until(() => {
      expect(onChange).toHaveBeenLastCalledWith(true);
    });
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it('is none while nothing draws it', async () => {
    await watcher(state(false, ':1.9'));
    const { onChange, renew, until } = follow();
    await until(() => {
      expect(onChange.mock.calls).toEqual([[false]]);
    });
    await watcher(state(true, ':1.9'));
    await signal('/StatusNotifierWatcher: org.kde.StatusNotifierWatcher.StatusNotifierHostRegistered ()');
    await until(() => {
      expect(onChange).toHaveBeenLastCalledWith(true);
    });
    expect(renew).not.toHaveBeenCalled();
  });

  it('is none when it refuses the icon, which is offered to each host once more', async () => {
    await watcher(state(true, ':1.2'));
    const { onChange, renew, until } = follow();
    await until(() => {
      expect(onChange.mock.calls).toEqual([[false]]);
    });
    expect(renew).toHaveBeenCalledTimes(1);
    await signal(
      "/StatusNotifierWatcher: org.kde.StatusNotifierWatcher.StatusNotifierItemRegistered (':1.4')",
    );
    await signal('The name org.kde.StatusNotifierWatcher is owned by :1.40');
    await until(() => {
      expect(renew).toHaveBeenCalledTimes(2);
    });
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('may be looked at without waiting for a signal', async () => {
    await watcher(state(true, ':1.9'));
    const { onChange, host } = follow();
    await host.check();
    expect(onChange.mock.calls).toEqual([[true]]);
  });

  it('is none where nobody can be asked', async () => {
    vi.stubEnv('PATH', folder);
    await rm(path.join(folder, 'gdbus'));
    const { onChange, until } = follow();
    await until(() => {
      expect(onChange.mock.calls).toEqual([[false]]);
    });
    expect(await hasTrayHost('linux')).toBe(false);
  });

  it('is no question elsewhere', async () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const onChange = vi.fn<(isShown: boolean) => void>();
      const clock = createManualClock();
      followTrayHost({ platform, clock, onChange, renew: () => undefined }).stop();
      expect(onChange.mock.calls).toEqual([[true]]);
      expect(await hasTrayHost(platform)).toBe(true);
    }
  });
});
