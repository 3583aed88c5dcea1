import { app, powerMonitor } from 'electron/main';

/** It can be held up for a moment. */
interface End {
  readonly preventDefault: () => void;
}

interface SessionEndParts {
  /** It may end: somebody else may still hold it up; true where we do. */
  readonly mayEnd: () => boolean;
  /** It ends now, whatever anybody says. */
  readonly ends: () => void;
}

/** Events of one system only: the others never send them. */
interface Events {
  on(event: string, listener: (event: End) => void): unknown;
  off(event: string, listener: (event: End) => void): unknown;
}

/**
 * The person logs off or the machine goes down. Windows tells the windows, and quits without asking us. To be followed
 * before the first window is made. Returns its stop.
 */
export function followSessionEnd({ mayEnd, ends }: SessionEndParts, program: Events = app): () => void {
  const created = (_event: unknown, window?: Events): void => {
    window?.on('query-session-end', (event) => {
      // Windows then says who holds it up, and lets the person end it anyway.
      if (mayEnd()) event.preventDefault();
    });
    window?.on('session-end', ends);
  };
  program.on('browser-window-created', created);
  return () => {
    program.off('browser-window-created', created);
  };
}

/**
 * The same on macOS and Linux, where the system is asked to tell us: that takes a moment. `ends` is true where it calls
 * for the end itself, in a moment. Returns its stop.
 */
export function followShutdown(ends: () => boolean, power: Events = powerMonitor): () => void {
  const heard = (event: End): void => {
    if (ends()) event.preventDefault();
  };
  power.on('shutdown', heard);
  return () => {
    power.off('shutdown', heard);
  };
}
