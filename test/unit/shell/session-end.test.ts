import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { followSessionEnd } from '../../../electron/shell/session-end.ts';

vi.mock('electron/main', () => ({ app: {}, powerMonitor: {} }));

function follow() {
  const first = new EventEmitter();
  const power = new EventEmitter();
  const program = new EventEmitter();
  const heard: string[] = [];
  const stop = followSessionEnd(
    { mayEnd: () => heard.push('may end'), ends: () => heard.push('ends') },
    power,
    program,
  );
  program.emit('browser-window-created', {}, first);
  return { first, power, program, heard, stop };
}

describe('the end of the session', () => {
  it('comes through every window on Windows, which asks first', () => {
    const { first, program, heard } = follow();
    const second = new EventEmitter();
    program.emit('browser-window-created', {}, second);
    first.emit('query-session-end');
    second.emit('session-end');
    expect(heard).toEqual(['may end', 'ends']);
  });

  it('comes through the power monitor elsewhere', () => {
    const { power, heard } = follow();
    power.emit('shutdown');
    expect(heard).toEqual(['ends']);
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
