/** Flooded with changes, what is shown is read so often and no oftener. */
const pauseMs = 250;

/** Runs after changes: once at a time, and once more when there was a change meanwhile. */
export function refresher(run: () => Promise<void>, pause: number = pauseMs): { readonly due: () => void } {
  let isDue = false;
  let running = false;

  async function go(): Promise<void> {
    running = true;
    while (isDue) {
      isDue = false;
      await run();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    running = false;
  }

  return {
    due: () => {
      isDue = true;
      if (!running) void go();
    },
  };
}
