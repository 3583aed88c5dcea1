import { app, powerMonitor } from 'electron/main';

interface SessionEndParts {
  /** It may end: somebody else may still hold it up. */
  readonly mayEnd: () => void;
  /** It ends now, whatever anybody says. */
  readonly ends: () => void;
}

/** Events of one system only: the others never send them. */
interface Events {
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/**
 * Tells that the person logs off or the machine goes down. Windows tells the windows and quits without asking us;
 * macOS and Linux tell the power monitor. To be
 * followed before the first window is made. Returns its stop.
 */
export function followSessionEnd(
  { mayEnd, ends }: SessionEndParts,
  power: Events = powerMonitor,
  program: Events = app,
): () => void {
  const created = (_event?: unknown, window?: Events): void => {
    window?.on('query-session-end', mayEnd);
    window?.on('session-end', ends);
  };
  program.on('browser-window-created', created);
  power.on('shutdown', ends);
  return () => {
    program.off('browser-window-created', created);
    power.off('shutdown', ends);
  };
}
