// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';
import { startDesktop } from '../../test/desktop/desktop.mjs';
import { resolveRuntime } from '../runtime/resolve.mjs';
import { sandboxFlags } from '../runtime/sandbox.mjs';
import { draw } from './draw.mjs';

/**
 * A square picture.
 * @typedef {{ size: number, png: Buffer, rgba: Uint8Array }} Picture `size`: pixels a side; `rgba`: rows from
 *   the top, colour not multiplied by alpha
 *
 * How a drawing becomes a picture. `color`: instead of the drawing's own; `outline`: drawn around every
 * shape, its width in units of the drawing.
 * @typedef {{ size: number, color?: string, outline?: { color: string, width: number } }} Style
 */

/**
 * Lends the product's own Chromium to draw with, and takes it back.
 * @param {(render: (svg: string, style: Style) => Promise<Picture>) => Promise<void>} work
 */
export async function withCanvas(work) {
  const { executable, dist } = await resolveRuntime();
  const profile = mkdtempSync(path.join(os.tmpdir(), 'sharelight-icons-'));
  // Elsewhere a hidden window needs no desktop of its own.
  const needsDesktop = process.platform === 'linux';
  const desktop = needsDesktop
    ? await startDesktop({ tray: false, notifications: false, keyring: false })
    : undefined;
  try {
    const app = await _electron.launch({
      executablePath: executable,
      args: [
        ...sandboxFlags(dist).flags,
        // Pixels from one rasterizer, whatever the graphics card.
        '--disable-gpu',
        '--force-color-profile=srgb',
        `--user-data-dir=${profile}`,
        fileURLToPath(new URL('blank.mjs', import.meta.url)),
      ],
      env: /** @type {Record<string, string>} */ (desktop?.env ?? process.env),
    });
    try {
      const page = await app.firstWindow();
      await work(async (svg, style) => {
        const { png, rgba } = await page.evaluate(draw, { svg, style });
        return { size: style.size, png: Buffer.from(png, 'base64'), rgba: Uint8Array.from(rgba) };
      });
    } finally {
      await app.close();
    }
  } finally {
    await desktop?.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
