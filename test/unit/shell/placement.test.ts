import { EventEmitter } from 'node:events';
import type { BrowserWindow, Rectangle } from 'electron/main';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  inside,
  insideAny,
  keepPlace,
  layoutOf,
  openingSize,
  placed,
  withPlace,
  type Screen,
} from '../../../electron/shell/placement.ts';
import type { Place } from '../../../electron/shell/preferences.ts';

vi.mock('electron/main', () => ({ screen: { on: vi.fn(), off: vi.fn() } }));

/** As X writes it, with a panel of 30 px at the top. */
function screen(id: number, geometry: string): Screen {
  const [width = 0, height = 0, x = 0, y = 0] = geometry.split(/[x+]/).map(Number);
  const bounds = { x, y, width, height };
  return { id, bounds, workArea: { ...bounds, y: y + 30, height: height - 30 } };
}

const main = screen(1, '1280x800+0+0');
const right = screen(2, '1024x768+1280+0');
const size = { width: 320, height: 200 };

describe('a rectangle in an area', () => {
  it('is moved the shortest way, and shrunk where it is larger', () => {
    const area = { x: 100, y: 50, width: 400, height: 300 };
    expect(inside({ x: 0, y: 0, width: 100, height: 100 }, area)).toEqual({
      x: 100,
      y: 50,
      width: 100,
      height: 100,
    });
    expect(inside({ x: 450, y: 340, width: 100, height: 100 }, area)).toMatchObject({ x: 400, y: 250 });
    expect(inside({ x: 0, y: 0, width: 900, height: 900 }, area)).toEqual(area);
  });

  it.each([
    ['on one of two', { x: 1400, y: 100 }, { x: 1400, y: 100 }],
    ['mostly on the second', { x: 1200, y: 100 }, { x: 1280, y: 100 }],
    ['mostly on the first', { x: 1050, y: 100 }, { x: 960, y: 100 }],
    ['29 px in sight', { x: 2275, y: 700 }, { x: 1984, y: 568 }],
    ['right of everything', { x: 9000, y: 10 }, { x: 1984, y: 30 }],
    ['above everything', { x: 100, y: -5000 }, { x: 100, y: 30 }],
    ['below the lower one of two', { x: 1400, y: 790 }, { x: 1400, y: 568 }],
  ])('goes to the display that shows most of it, or is nearest: %s', (_what, from, to) => {
    expect(insideAny({ ...size, ...from }, [main, right])).toEqual({ ...size, ...to });
  });

  it('stays where it is when there is no display to go by', () => {
    expect(insideAny({ ...size, x: 7, y: 8 }, [])).toEqual({ ...size, x: 7, y: 8 });
  });
});

describe('how large a window opens', () => {
  const design = { width: 760, height: 580, minWidth: 560, minHeight: 420 };

  it('is larger with larger text, and never more than the work area', () => {
    expect(openingSize(design, 1, main.workArea)).toEqual(design);
    expect(openingSize(design, 2, main.workArea)).toEqual({ ...design, width: 1280, height: 770 });
    expect(openingSize(design, 0.8, main.workArea)).toMatchObject({ width: 608, height: 464 });
    // Smaller than it may usually be made.
    const tiny = screen(1, '500x400+0+0').workArea;
    expect(openingSize(design, 1, tiny)).toEqual({ width: 500, height: 370, minWidth: 500, minHeight: 370 });
  });
});

describe('where a window belongs', () => {
  const at = (places: readonly Place[], screens: readonly Screen[]) =>
    placed(places, size, screens, screens[0] ?? main);
  const corner = { x: 944, y: 584 };

  it('is the corner of the main display until somebody chose', () => {
    expect(at([], [main, right])).toMatchObject(corner);
    expect(at([], [screen(1, '800x600+0+0')])).toMatchObject({ x: 464, y: 384 });
    // One too small for it.
    expect(at([], [screen(1, '300x200+0+0')])).toEqual({ x: 0, y: 30, width: 300, height: 170 });
  });

  it('is the chosen place with these displays, also after others, and whatever their ids are by then', () => {
    let places = withPlace([], { ...size, x: 1900, y: 300 }, [main, right], right);
    expect(at(places, [main])).toMatchObject(corner);
    expect(at(places, [screen(60, '1280x800+0+0'), screen(0, '1024x768+1280+0')])).toMatchObject({
      x: 1900,
      y: 300,
    });
    places = withPlace(places, { ...size, x: 40, y: 50 }, [main], main);
    expect(at(places, [main])).toMatchObject({ x: 40, y: 50 });
    expect(at(places, [main, right])).toMatchObject({ x: 1900, y: 300 });
  });

  it('is on the display it was put on, wherever that is now', () => {
    const places = withPlace([], { ...size, x: 1900, y: 300 }, [main, right], right);
    expect(at(places, [right])).toMatchObject({ x: 1900, y: 300 });
    const moved = { ...screen(2, '1024x768+0+800') };
    expect(at(places, [main, moved])).toMatchObject({ x: 620, y: 1100 });
    // The same display with fewer pixels.
    expect(at(places, [main, screen(2, '800x600+1280+0')])).toMatchObject({ x: 1760, y: 300 });
  });

  it('is the newest chosen place of those whose display is there', () => {
    let places = withPlace([], { ...size, x: 40, y: 50 }, [main], main);
    places = withPlace(places, { ...size, x: 1900, y: 300 }, [main, right], right);
    expect(at(places, [main, screen(7, '640x480+0+800')])).toMatchObject({ x: 40, y: 50 });
  });

  it('is inside even where the chosen place is not', () => {
    const places = withPlace([], { ...size, x: -300, y: 760 }, [main], main);
    expect(at(places, [main])).toMatchObject({ x: 0, y: 600 });
  });

  it('is the corner where the display of the chosen place is gone', () => {
    const places = withPlace([], { ...size, x: 1900, y: 300 }, [main, right], right);
    expect(at(places, [main])).toMatchObject(corner);
  });

  it('is remembered once for each layout, and for a dozen of them', () => {
    const layouts = Array.from({ length: 20 }, (_, index) => [screen(1, `${1000 + index}x800+0+0`)]);
    let places: Place[] = [];
    for (const screens of [...layouts, ...layouts]) {
      const [only = main] = screens;
      places = withPlace(places, { ...size, x: 1, y: 2 }, screens, only);
    }
    expect(places).toHaveLength(12);
    expect(places[0]?.layout).toBe('1019x800+0+0');
  });

  it('does not depend on the order displays are listed in', () => {
    expect(layoutOf([main, right])).toBe(layoutOf([right, main]));
  });
});

describe('who moved a window', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  const longAgoMs = 5_000;
  const corner: Rectangle = { ...size, x: 944, y: 584 };
  const elsewhere: Rectangle = { ...size, x: 32, y: 32 };

  function kept(session: 'x11' | 'wayland') {
    vi.stubEnv('XDG_SESSION_TYPE', session);
    vi.stubEnv('WAYLAND_DISPLAY', session === 'wayland' ? 'wayland-0' : undefined);
    let bounds = corner;
    const events = new EventEmitter();
    const window = Object.assign(events, {
      getBounds: () => bounds,
      setBounds: (wanted: Rectangle) => (bounds = wanted),
      isVisible: () => false,
      isDestroyed: () => false,
      isResizable: () => false,
    });
    const onMoved = vi.fn();
    const keeper = keepPlace(window as unknown as BrowserWindow, { wanted: () => corner, onMoved });
    return {
      onMoved,
      keeper,
      show: () => events.emit('show'),
      move: (to: Rectangle) => {
        bounds = to;
        events.emit('move');
        vi.advanceTimersByTime(1000);
      },
    };
  }

  it.each(['x11', 'wayland'] as const)('is a person once it has been in sight: %s', (session) => {
    const { show, move, onMoved } = kept(session);
    show();
    vi.advanceTimersByTime(longAgoMs);
    move(elsewhere);
    expect(onMoved).toHaveBeenCalledExactlyOnceWith(elsewhere);
  });

  it.each(['x11', 'wayland'] as const)('is nobody before it was shown: %s', (session) => {
    const { show, move, onMoved } = kept(session);
    vi.advanceTimersByTime(longAgoMs);
    move(elsewhere);
    show();
    vi.advanceTimersByTime(longAgoMs);
    expect(onMoved).not.toHaveBeenCalled();
  });

  it('is the compositor when it has only just been shown there', () => {
    const { show, move, onMoved } = kept('wayland');
    show();
    move(elsewhere);
    expect(onMoved).not.toHaveBeenCalled();
  });

  it('is us when we put it somewhere', () => {
    const { show, keeper, move, onMoved } = kept('x11');
    show();
    keeper.put(elsewhere);
    move(elsewhere);
    expect(onMoved).not.toHaveBeenCalled();
    // The window system answers late: to the one before the last.
    keeper.put(corner);
    move(elsewhere);
    expect(onMoved).not.toHaveBeenCalled();
    move({ ...elsewhere, x: 33 });
    move(elsewhere);
    expect(onMoved).toHaveBeenCalledTimes(2);
  });
});
