import { _electron, type ElectronApplication } from '@playwright/test';
import type { Runtime } from '../../build/runtime/official.mjs';
import { sandboxFlags } from '../../build/runtime/sandbox.mjs';
import type { Desktop } from '../desktop/desktop.mjs';
import type { Place } from './place.ts';

/** Starts the product under Playwright, with flags and a token of its own. */
export function drive(
  place: Place,
  runtime: Runtime,
  desktop: Desktop,
  args: readonly string[],
  token: string,
): Promise<ElectronApplication> {
  const flags = [...desktop.electronArgs, ...sandboxFlags(runtime.dist).flags];
  const known = Object.entries(desktop.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return _electron.launch({
    executablePath: runtime.executable,
    args: [...flags, place.product, ...args],
    env: { ...Object.fromEntries(known), SHARELIGHT_ACCESS_TOKEN: token },
  });
}

export function pidOf(app: ElectronApplication): number {
  const { pid } = app.process();
  if (pid === undefined) throw new Error('The program has not started.');
  return pid;
}
