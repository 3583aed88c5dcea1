import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { updateAddress } from '../../../domain/updates.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import {
  appImageOf,
  downloadWithinMs,
  firstLookMs,
  isReplaceable,
  lookWithinMs,
  nextLookMs,
  retryMs,
  startUpdates,
  UpdateFailure,
  type Updater,
  type Updates,
} from '../../../electron/shell/updates.ts';
import { createStateStore, type StateStore } from '../../../electron/tracker/state.ts';
import { freshSettings, model } from '../domain/known.ts';
import { ended, live, ms, one } from '../domain/wire.ts';
import { createManualClock, settled, type ManualClock } from '../outbox/rig.ts';
import { stoppedAfterwards } from '../stores.ts';

const address = 'https://updates.example.com/sharelight/';
const share = one({ leg: { ...live, sharing: true } });
const over = one({ leg: ended });

interface Rig {
  readonly store: StateStore;
  readonly updates: Updates;
  readonly clock: ManualClock;
  /** What was done, in order. */
  readonly done: string[];
  /** What the server says next; else that there is 0.2.0. */
  readonly looks: (() => Promise<string | null>)[];
  readonly downloads: ((signal: AbortSignal) => Promise<void>)[];
  metered: boolean;
  words: () => string;
  problem: () => string;
}

interface World {
  readonly url?: string;
  readonly enabled?: boolean;
  readonly replaceable?: boolean;
  readonly known?: KnownState;
}

function settingsOf({ url = address, enabled = true }: World): KnownState['settings'] {
  return {
    ...freshSettings,
    updatesUrl: url,
    values: { ...freshSettings.values, 'updates.enabled': enabled },
  };
}

function start(world: World = {}): Rig {
  const store = stoppedAfterwards(
    createStateStore({ ...(world.known ?? model()), settings: settingsOf(world) }, () => ms(20)),
  );
  const done: string[] = [];
  const updater: Updater = {
    look: () => {
      done.push('looks');
      return rig.looks.shift()?.() ?? Promise.resolve('0.2.0');
    },
    download: (signal) => {
      done.push('downloads');
      return rig.downloads.shift()?.(signal) ?? Promise.resolve();
    },
    install: (restart) => {
      done.push(restart ? 'installs and restarts' : 'installs');
      return false;
    },
  };
  const rig: Rig = {
    store,
    clock: createManualClock(() => ms(20)),
    done,
    looks: [],
    downloads: [],
    metered: false,
    words: () => store.app.getState().updates.words,
    problem: () => store.app.getState().updates.problem,
    updates: null as never,
  };
  const updates = startUpdates({
    source: store.app,
    replaceable: world.replaceable ?? true,
    open: (url) => {
      done.push(`opens ${url}`);
      return Promise.resolve(updater);
    },
    isMetered: () => Promise.resolve(rig.metered),
    report: (change) => {
      store.update((known) => ({ updates: { ...known.updates, ...change } }));
    },
    announce: (version) => done.push(`announces ${version}`),
    restart: () => done.push('restarts'),
    clock: rig.clock,
    random: () => 0,
    log: () => undefined,
  });
  return Object.assign(rig, { updates });
}

async function ring(rig: Rig): Promise<void> {
  rig.clock.ring();
  await settled();
}
const show = ({ store }: Rig, known = share): void => {
  store.update(() => ({ communications: { [known.key]: known } }));
};
const clear = ({ store }: Rig): void => {
  store.update(() => ({ communications: {} }));
};
function turn(rig: Rig, enabled: boolean): void {
  rig.store.update(() => ({ settings: settingsOf({ enabled }) }));
}
/** A download that goes on until it is broken off. */
const endless = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new UpdateFailure('brokenOff'));
    });
  });

describe('nobody is asked, and nothing loaded or planned', () => {
  it.each<[string, World, string]>([
    ['without an address', { url: '' }, 'your organisation installs them'],
    ['where it is turned off, as by a policy', { enabled: false }, 'aren’t looked for'],
    ['where the copy is not replaceable', { replaceable: false }, 'your system’s packages'],
  ])('%s', async (_where, world, words) => {
    const rig = start(world);
    expect(rig.words()).toContain(words);
    rig.updates.look();
    show(rig);
    clear(rig);
    await ring(rig);
    expect(rig.done).toEqual([]);
    expect(rig.clock.waiting()).toEqual([]);
    expect(rig.updates.restart()).toMatchObject({ ok: false });
    expect(rig.updates.install(false)).toBe(false);
    expect(rig.store.app.getState().updates).toMatchObject({ mayLook: false, ready: false });
  });
});

describe('a newer version', () => {
  it('is looked for a while after the start, downloaded, and installed when the program ends', async () => {
    const rig = start();
    expect(rig.clock.waiting()).toEqual([firstLookMs]);
    expect(rig.words()).toBe('Not looked for since Sharelight started.');
    await ring(rig);
    expect(rig.done).toEqual([`opens ${address}`, 'looks', 'downloads', 'announces 0.2.0']);
    expect(rig.words()).toBe('Sharelight 0.2.0 is ready. It’s installed when you quit Sharelight.');
    expect(rig.clock.waiting()).toEqual([nextLookMs]);
    rig.updates.stop();
    rig.updates.install(false);
    expect(rig.done.at(-1)).toBe('installs');
  });

  it('that is known is not announced, or downloaded, again', async () => {
    const rig = start();
    await ring(rig);
    await ring(rig);
    expect(rig.done.slice(4)).toEqual(['looks']);
    expect(rig.store.app.getState().updates.ready).toBe(true);
    // Nor forgotten because nobody answers.
    rig.looks.push(() => Promise.reject(new UpdateFailure('unreachable')));
    await ring(rig);
    expect(rig.store.app.getState().updates).toMatchObject({ ready: true, problem: '' });
  });

  it('that is called back is not installed', async () => {
    const rig = start();
    await ring(rig);
    rig.looks.push(() => Promise.resolve(null));
    await ring(rig);
    expect(rig.words()).toMatch(/^Up to date\. Last looked /);
    rig.updates.install(false);
    expect(rig.done.at(-1)).toBe('looks');
  });

  it('is not installed once that was turned off; turned on, it is looked for at once', async () => {
    const rig = start();
    await ring(rig);
    turn(rig, false);
    expect(rig.clock.waiting()).toEqual([]);
    rig.updates.install(true);
    expect(rig.done.at(-1)).toBe('announces 0.2.0');
    turn(rig, true);
    await settled();
    expect(rig.done.at(-1)).toBe('looks');
  });

  it('is restarted for when the person says so, but not while they share or have a wrap-up to make', async () => {
    const rig = start();
    expect(rig.updates.restart()).toMatchObject({ ok: false });
    await ring(rig);
    for (const known of [share, over]) {
      show(rig, known);
      expect(rig.updates.restart()).toEqual({
        ok: false,
        reason: 'Not now: a share or a wrap-up is still open. The update waits.',
      });
    }
    clear(rig);
    expect(rig.done.at(-1)).toBe('announces 0.2.0');
    expect(rig.updates.restart().ok).toBe(true);
    expect(rig.done.at(-1)).toBe('restarts');
    rig.updates.install(true);
    expect(rig.done.at(-1)).toBe('installs and restarts');
  });
});

describe('a download', () => {
  it.each([
    ['a share', share],
    ['a wrap-up', over],
  ])('waits for %s to end', async (_what, known) => {
    const rig = start();
    show(rig, known);
    await ring(rig);
    expect(rig.done).toEqual([`opens ${address}`, 'looks']);
    expect(rig.words()).toContain('once no share and no wrap-up is open');
    clear(rig);
    await settled();
    expect(rig.done.slice(2)).toEqual(['looks', 'downloads', 'announces 0.2.0']);
  });

  it('is broken off by a share, and begun again after it', async () => {
    const rig = start();
    rig.downloads.push(endless);
    await ring(rig);
    expect(rig.words()).toBe('Downloading Sharelight 0.2.0…');
    show(rig);
    await settled();
    expect(rig.words()).toContain('once no share and no wrap-up is open');
    expect(rig.problem()).toBe('');
    clear(rig);
    await settled();
    expect(rig.done.slice(2)).toEqual(['downloads', 'looks', 'downloads', 'announces 0.2.0']);
  });

  it('is broken off by a share that is over again at once, and begun again', async () => {
    const rig = start();
    rig.downloads.push(endless);
    await ring(rig);
    show(rig);
    clear(rig);
    await settled();
    expect(rig.done.at(-1)).toBe('announces 0.2.0');
  });

  it('is not begun on a metered network; that is looked at again later', async () => {
    const rig = start();
    rig.metered = true;
    await ring(rig);
    expect(rig.done).toEqual([`opens ${address}`, 'looks']);
    expect(rig.words()).toContain('a network that isn’t metered');
    expect(rig.clock.waiting()).toEqual([retryMs]);
    rig.metered = false;
    await ring(rig);
    expect(rig.done.at(-1)).toBe('announces 0.2.0');
  });

  it('is broken off when it is turned off, or the program ends, and nothing is wrong then', async () => {
    for (const end of [
      (rig: Rig) => {
        turn(rig, false);
      },
      (rig: Rig) => {
        rig.updates.stop();
      },
    ]) {
      const rig = start();
      rig.downloads.push(endless);
      await ring(rig);
      end(rig);
      await settled();
      expect(rig.problem()).toBe('');
      expect(rig.clock.waiting()).toEqual([]);
    }
  });

  it('does not go on for ever', async () => {
    const rig = start();
    rig.downloads.push(endless);
    await ring(rig);
    expect(rig.clock.waiting()).toEqual([downloadWithinMs]);
    await ring(rig);
    expect(rig.problem()).toBe('The download broke off. Sharelight tries again later.');
    expect(rig.clock.waiting()).toEqual([retryMs]);
  });
});

it('what goes wrong is said in one sentence, and tried again sooner', async () => {
  const rig = start();
  rig.looks.push(() => Promise.reject(new UpdateFailure('elsewhere')));
  await ring(rig);
  expect(rig.problem()).toBe('The update server sent Sharelight to another address, where it doesn’t go.');
  expect(rig.clock.waiting()).toEqual([retryMs]);
  rig.downloads.push(() => Promise.reject(new UpdateFailure('notOurs')));
  await ring(rig);
  expect(rig.problem()).toContain('isn’t what the update server promised');
  expect(rig.words()).toMatch(/^Sharelight 0\.2\.0 is available\. Last looked /);
  // The person need not wait; a second press while it is looked for does nothing.
  rig.updates.look();
  rig.updates.look();
  expect(rig.store.app.getState().updates).toMatchObject({ words: 'Looking for updates…', problem: '' });
  expect(rig.clock.waiting()).toEqual([lookWithinMs]);
  await settled();
  expect(rig.done.filter((what) => what === 'looks')).toHaveLength(3);
});

it('a look that nobody answers is broken off', async () => {
  const rig = start();
  rig.looks.push(() => new Promise(() => undefined));
  rig.updates.look();
  await settled();
  expect(rig.clock.waiting()).toContain(lookWithinMs);
});

it('an address is a folder at https, or at http of this computer, and carries nothing else', () => {
  expect(updateAddress('https://Updates.example.com/Desk/1')).toBe('https://updates.example.com/Desk/1/');
  expect(updateAddress('https://updates.example.com:8443/')).toBe('https://updates.example.com:8443/');
  expect(updateAddress('http://127.0.0.1:8080/a')).toBe('http://127.0.0.1:8080/a/');
  for (const wrong of [
    '',
    'updates.example.com',
    'http://updates.example.com',
    'http://127.0.0.1.example.com/',
    'ftp://updates.example.com',
    'https://user:secret@updates.example.com',
    'https://updates.example.com/?user=ana',
    'https://updates.example.com/#a',
    'file:///etc',
    'javascript:alert(1)',
  ])
    expect(updateAddress(wrong), wrong).toBeNull();
});

describe('which copies can be replaced by themselves', () => {
  it('an AppImage where the person may write; not what another one has started, or a package', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sharelight-copies-'));
    const file = path.join(folder, 'Sharelight.AppImage');
    const mounted = path.join(folder, 'mount');
    const linux = (env: NodeJS.ProcessEnv, execPath = path.join(mounted, 'sharelight')) => ({
      platform: 'linux' as const,
      env,
      execPath,
    });
    const started = { APPIMAGE: file, APPDIR: mounted };
    expect(appImageOf(linux(started))).toBe(file);
    expect(isReplaceable(linux(started), folder)).toBe(true);
    expect(isReplaceable(linux({}), folder)).toBe(false);
    expect(isReplaceable(linux(started, '/opt/Sharelight/sharelight'), folder)).toBe(false);
    expect(isReplaceable(linux({ ...started, APPIMAGE: 'Sharelight.AppImage' }), folder)).toBe(false);
    expect(isReplaceable(linux({ ...started, APPIMAGE: path.join(folder, 'gone', 'a') }), folder)).toBe(
      false,
    );
    // Another disk: half a move would leave nobody with a program.
    expect(isReplaceable(linux(started), '/proc')).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('what the installer of Windows left, and an app of macOS in a folder of one’s own', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sharelight-copies-'));
    const windows = { platform: 'win32' as const, env: {}, execPath: path.join(folder, 'Sharelight.exe') };
    expect(isReplaceable(windows, folder)).toBe(false);
    writeFileSync(path.join(folder, 'Uninstall Sharelight.exe'), '');
    expect(isReplaceable(windows, folder)).toBe(true);
    const inside = path.join(folder, 'Sharelight.app/Contents/MacOS');
    mkdirSync(inside, { recursive: true });
    const mac = { platform: 'darwin' as const, env: {} };
    expect(isReplaceable({ ...mac, execPath: path.join(inside, 'Sharelight') }, '/proc')).toBe(true);
    expect(isReplaceable({ ...mac, execPath: path.join(inside, 'Electron') }, folder)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
