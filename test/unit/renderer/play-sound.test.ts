import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startRinging } from '../../../renderer/ui/play-sound.ts';

class Sound extends EventTarget {
  static last: Sound | null = null;
  volume = 1;
  plays = 0;
  isPlaying = false;
  /** It has a file to play, and with it a player of the engine's. */
  hasPlayer = true;
  constructor() {
    super();
    Sound.last = this;
  }
  play(): Promise<void> {
    this.plays += 1;
    this.isPlaying = true;
    return Promise.resolve();
  }
  pause(): void {
    this.isPlaying = false;
  }
  removeAttribute(): void {
    this.hasPlayer = false;
  }
  load(): void {
    this.isPlaying = false;
  }
  finish(): void {
    this.isPlaying = false;
    this.dispatchEvent(new Event('ended'));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Audio', Sound);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('goes on until it is stopped', () => {
  const stop = startRinging('chime', 60, true);
  const sound = Sound.last;
  expect(sound).toMatchObject({ plays: 1, volume: 0.6 });
  for (const plays of [2, 3, 4]) {
    sound?.finish();
    vi.advanceTimersByTime(1_500);
    expect(sound?.plays).toBe(plays);
  }
  expect(sound?.hasPlayer).toBe(true);
  stop();
  expect(sound).toMatchObject({ isPlaying: false, hasPlayer: false });
  vi.advanceTimersByTime(60_000);
  expect(sound?.plays).toBe(4);
});

it('is not begun again once it was stopped between two', () => {
  const stop = startRinging('bell', 100, true);
  Sound.last?.finish();
  stop();
  vi.advanceTimersByTime(60_000);
  expect(Sound.last?.plays).toBe(1);
});

it('is heard once where the person wants that', () => {
  const stop = startRinging('pulse', 100, false);
  stop();
  expect(Sound.last).toMatchObject({ isPlaying: true, hasPlayer: true });
  Sound.last?.finish();
  vi.advanceTimersByTime(60_000);
  expect(Sound.last).toMatchObject({ plays: 1, hasPlayer: false });
});
