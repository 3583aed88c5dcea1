import { createSubscriber } from 'svelte/reactivity';

const SECOND = 1000;

/** The part of a page the pulse needs. */
export type Page = Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>;

/**
 * Calls `beat` with the epoch ms of each full second as it begins. Aligned, so that all numbers change
 * together and none stutters between 0 and 2; silent while the page is hidden, so that a window nobody sees
 * costs nothing. Returns its own end.
 */
export function startPulse(page: Page, beat: (second: number) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(): void {
    clearTimeout(timer);
    if (!page.hidden) timer = setTimeout(onTimer, SECOND - (Date.now() % SECOND));
  }
  function onTimer(): void {
    beat(wholeSecond());
    schedule();
  }
  function onVisibility(): void {
    if (!page.hidden) beat(wholeSecond());
    schedule();
  }

  page.addEventListener('visibilitychange', onVisibility);
  schedule();
  return () => {
    clearTimeout(timer);
    page.removeEventListener('visibilitychange', onVisibility);
  };
}

/** Epoch ms of the second that runs now. */
export function wholeSecond(): number {
  const now = Date.now();
  return now - (now % SECOND);
}

function createTick(): { readonly now: number } {
  let running = false;
  let second = 0;
  const track = createSubscriber((update) => {
    running = true;
    second = wholeSecond();
    const stop = startPulse(document, (next) => {
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
      return running ? second : wholeSecond();
    },
  };
}

/** The one clock of this page; it runs only while something on it shows a time. */
export const tick = createTick();
