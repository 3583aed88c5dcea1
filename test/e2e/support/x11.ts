import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import type { Desktop } from './fixtures.ts';

const run = promisify(execFile);

/** Presses keys as the keyboard would: they go to whatever has the focus, and to global shortcuts. */
export async function pressKeys({ screenEnv }: Desktop, keys: string): Promise<void> {
  await run('xdotool', ['key', '--clearmodifiers', keys], { env: screenEnv });
}

/** Another program's window, in front and with the keyboard. Returns how to close it. */
export async function openOtherWindow(desktop: Desktop, title: string): Promise<() => Promise<void>> {
  const program = spawn('xev', ['-name', title], { env: desktop.env, stdio: 'ignore' });
  await expect.poll(() => focus(desktop, title)).toBe(title);
  return async () => {
    const gone = once(program, 'exit');
    program.kill();
    await gone;
  };
}

/** Gives a window the keyboard, as a click into it would. Returns the title of the window that has it then. */
export async function focus(desktop: Desktop, title: string): Promise<string> {
  const search = ['search', '--onlyvisible', '--name', `^${title}$`, 'windowactivate', '--sync'];
  // The tool fails while there is no such window.
  await run('xdotool', search, { env: desktop.env }).catch(() => undefined);
  return desktop.activeWindow();
}
