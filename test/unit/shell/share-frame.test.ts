import { beforeEach, expect, it, vi } from 'vitest';
import { edgesOf, startShareFrame } from '../../../electron/shell/share-frame.ts';
import { createStateStore } from '../../../electron/tracker/state.ts';
import { defaultSettings } from '../../../domain/settings.ts';
import { freshSettings, model } from '../domain/known.ts';
import { live, ms, one } from '../domain/wire.ts';

const desktop = vi.hoisted(() => {
  const windows = new Set<{ bounds: unknown; told: string[] }>();
  return { windows, displays: [] as { bounds: object }[], on: new Map<string, () => void>() };
});
vi.mock('electron/main', () => ({
  app: { commandLine: { getSwitchValue: () => 'x11' } },
  screen: {
    getAllDisplays: () => desktop.displays,
    on: (event: string, call: () => void) => desktop.on.set(event, call),
    off: (event: string) => desktop.on.delete(event),
  },
  BaseWindow: class {
    readonly told: string[] = [];
    readonly bounds: unknown;
    constructor(options: Record<string, unknown>) {
      this.bounds = [options['x'], options['y'], options['width'], options['height']];
      if (options['focusable'] !== false) throw new Error('It must never take the keyboard.');
      desktop.windows.add(this);
    }
    setIgnoreMouseEvents(ignored: boolean): void {
      this.told.push(`mouse ${String(!ignored)}`);
    }
    setContentProtection(): void {
      this.told.push('protected');
    }
    setAlwaysOnTop(): void {
      this.told.push('on top');
    }
    setVisibleOnAllWorkspaces(): void {
      this.told.push('everywhere');
    }
    showInactive(): void {
      this.told.push('shown');
    }
    isDestroyed(): boolean {
      return !desktop.windows.has(this);
    }
    destroy(): void {
      desktop.windows.delete(this);
    }
  },
}));

const first = { bounds: { x: 0, y: 0, width: 1280, height: 800 } };
const two = { bounds: { x: 1280, y: 0, width: 800, height: 600 } };
const share = one({ leg: { ...live, sharing: true } });
const framed = { settings: { ...freshSettings, values: { ...defaultSettings, shareFrame: true } } };

beforeEach(() => {
  desktop.windows.clear();
  desktop.displays = [first];
});

it('has four edges inside the display, which do not overlap', () => {
  expect(edgesOf({ x: 10, y: 20, width: 100, height: 50 })).toEqual([
    { x: 10, y: 20, width: 100, height: 5 },
    { x: 10, y: 65, width: 100, height: 5 },
    { x: 10, y: 25, width: 5, height: 40 },
    { x: 105, y: 25, width: 5, height: 40 },
  ]);
});

it('is there while sharing where the person wants it, around every display that is there', () => {
  const store = createStateStore(model([share]), () => ms(16));
  const stop = startShareFrame({ source: store.app });
  expect(desktop.windows.size).toBe(0);
  store.update(() => framed);
  expect([...desktop.windows].map(({ bounds }) => bounds)).toContainEqual([0, 0, 1280, 5]);
  // Protected again after it is shown, clicked through, never with the keyboard.
  for (const { told } of desktop.windows) {
    expect(told).toEqual(['mouse false', 'protected', 'on top', 'everywhere', 'shown', 'protected']);
  }
  desktop.displays = [first, two];
  desktop.on.get('display-added')?.();
  expect(desktop.windows.size).toBe(8);
  store.update(() => ({ communications: {} }));
  expect(desktop.windows.size).toBe(0);
  store.update(() => ({ communications: { [share.key]: share } }));
  stop();
  expect([desktop.windows.size, desktop.on.size]).toEqual([0, 0]);
  store.stop();
});
