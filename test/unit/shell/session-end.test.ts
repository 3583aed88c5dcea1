import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { followSessionEnd, followShutdown } from '../../../electron/shell/session-end.ts';

vi.mock('electron/main', () => ({ app: {}, powerMonitor: {} }));

function follow() {
  const first = new EventEmitter();
  const power = new EventEmitter();
  const program = new EventEmitter();
  const heard: string[] = [];
  let holdsUp = false;
  const stops = [
    followSessionEnd(
      {
        mayEnd: () => {
          heard.push('may end');
          return holdsUp;
        },
        ends: () => void heard.push('ends'),
      },
      program,
    ),
    followShutdown(() => {
      heard.push('ends');
      return holdsUp;
    }, power),
  ];
  const stop = (): void => {
    for (const each of stops) each();
  };
  program.emit('browser-window-created', {}, first);
  /** What is heard of it; true where it is held up. */
  const tell = (of: EventEmitter, event: string): boolean => {
    let isHeldUp = false;
    of.emit(event, { preventDefault: () => (isHeldUp = true) });
    return isHeldUp;
  };
  return {
    first,
    power,
    program,
    heard,
    stop,
    tell,
    holdUp: () => {
      holdsUp = true;
    },
  };
}

describe('the end of the session', () => {
  it('comes through every window on Windows, which asks first', () => {
    const { first, program, heard, tell } = follow();
    const second = new EventEmitter();
    program.emit('browser-window-created', {}, second);
    tell(first, 'query-session-end');
    tell(second, 'session-end');
    expect(heard).toEqual(['may end', 'ends']);
  });

  it('comes through the power monitor elsewhere', () => {
    const { power, heard, tell } = follow();
    expect(tell(power, 'shutdown')).toBe(false);
    expect(heard).toEqual(['ends']);
  });

  it('is held up while somebody is asked, until it comes whatever anybody says', () => {
    const { first, power, heard, tell, holdUp } = follow();
    holdUp();
    expect(tell(first, 'query-session-end')).toBe(true);
    expect(tell(power, 'shutdown')).toBe(true);
    expect(tell(first, 'session-end')).toBe(false);
    expect(heard).toEqual(['may end', 'ends', 'ends']);
  });

  it('is not told once this has stopped', () => {
    const { power, program, heard, stop } = follow();
    stop();
    power.emit('shutdown');
    const late = new EventEmitter();
    program.emit('browser-window-created', {}, late);
    late.emit('session-end');
    expect(heard).toEqual([]);
  });
});
