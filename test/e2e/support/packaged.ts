import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import { chromium, expect, type Page } from '@playwright/test';
import { ROOT } from '../../../build/paths.mjs';
import { sandboxFlags } from '../../../build/runtime/sandbox.mjs';
import type { Desktop } from '../../desktop/desktop.mjs';

const FOLDER = path.join(ROOT, 'dist/linux-unpacked');
export type PackagedProgram = ChildProcessByStdio<null, Readable, Readable>;

export const PROGRAM = path.join(FOLDER, 'sharelight');

/** Makes the program in `dist/` from the sources, as `npm run package` does. */
export async function makePackage(): Promise<void> {
  const maker = spawn(process.execPath, [path.join(ROOT, 'build/package.mjs')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [maker.stdout, maker.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  await once(maker, 'close');
  expect(maker.exitCode, said).toBe(0);
}

/** Starts the packaged program away from the sources, so that it can lean on nothing but itself. */
export function startPackaged(desktop: Desktop, args: readonly string[]): PackagedProgram {
  return spawn(PROGRAM, [...desktop.electronArgs, ...sandboxFlags(FOLDER).flags, ...args], {
    cwd: FOLDER,
    env: { ...desktop.env, LC_ALL: 'C.UTF-8', LANGUAGE: 'en' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/**
 * The page of its widget. The shipped program has its inspector fused off, so Playwright comes in by the
 * pages' door: `--remote-debugging-port=0` among its arguments.
 */
export async function widgetOf(packaged: PackagedProgram): Promise<Page> {
  const browser = await chromium.connectOverCDP(await debuggingAddress(packaged));
  const find = () =>
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((page) => page.url().includes('/widget/'));
  await expect.poll(() => find() !== undefined, { message: 'the widget opens' }).toBe(true);
  const page = find();
  if (page === undefined) throw new Error('The widget went away again.');
  return page;
}

async function debuggingAddress({ stderr }: PackagedProgram): Promise<string> {
  let said = '';
  for await (const line of readline.createInterface({ input: stderr })) {
    said += `${line}\n`;
    const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`The program ended before it could be driven.\n${said}`);
}
