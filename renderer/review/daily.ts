import { createSubscriber } from 'svelte/reactivity';

const hourMs = 3_600_000;

/** Epoch ms, by the hour: which day is today, and how many days are left. A list has no use for seconds. */
function createDaily(): { readonly now: number } {
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

export const daily = createDaily();
