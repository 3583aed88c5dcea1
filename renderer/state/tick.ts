import { pageClock, type PageClock } from './clock.ts';
import { pageSight, type Sight } from './sight.ts';
import { createSubscriber } from 'svelte/reactivity';

const SECOND = 1000;

/**
 * Calls `beat` with the epoch ms (main's clock) of each full second as it begins. Aligned, so that all numbers change
 * together and none stutters between 0 and 2; silent while nobody can see the page, so that it costs nothing then.
 * Returns its own end.
 */
export function startPulse(
  sight: Pick<Sight, 'isSeen' | 'follow'>,
  clock: Pick<PageClock, 'now' | 'check'>,
  beat: (second: number) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(): void {
    clearTimeout(timer);
    if (sight.isSeen()) timer = setTimeout(onTimer, SECOND - (clock.now() % SECOND));
  }
  function onTimer(): void {
    clock.check();
    beat(wholeSecond(clock));
    schedule();
  }
  const stopFollowing = sight.follow(() => {
    if (sight.isSeen()) {
      clock.check();
      beat(wholeSecond(clock));
    }
    schedule();
  });

  schedule();
  return () => {
    clearTimeout(timer);
    stopFollowing();
  };
}

/** Epoch ms of the second that runs now. */
function wholeSecond(clock: Pick<PageClock, 'now'>): number {
  const now = clock.now();
  return now - (now % SECOND);
}

function createTick(): { readonly now: number } {
  let running = false;
  let second = 0;
  const track = createSubscriber((update) => {
    running = true;
    second = wholeSecond(pageClock);
    const stop = startPulse(pageSight, pageClock, (next) => {
      second = next;
      update();
    });
    return () => {
      running = false;
      stop();
    };
  });
  return {
    get now() {
      track();
      return running ? second : wholeSecond(pageClock);
    },
  };
}

/** The one clock of this page; it runs only while something on it shows a time. */
export const tick = createTick();

const hourMs = 3_600_000;

/** Epoch ms, to the hour: for telling which day is today. */
function createHourly(): { readonly now: number } {
  const track = createSubscriber((update) => {
    const timer = setInterval(update, hourMs);
    document.addEventListener('visibilitychange', update);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', update);
    };
  });
  return {
    get now() {
      track();
      return Date.now();
    },
  };
}

export const hourly = createHourly();
