// @ts-check
// `npm run icons`: draws every picture in assets/icons from the SVG next to it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ROOT } from './paths.mjs';
import { run, say } from './say.mjs';
import { setup } from './setup.mjs';

const FOLDER = path.join(ROOT, 'assets/icons');

/** For the packages of macOS and Linux, which make their smaller ones from it. Pixels a side, like all below. */
const APP = 1024;
/** What windows and notifications carry: a larger one is decoded and handed over each time for nothing. */
const WINDOW = 256;
/** What Windows shows in Explorer, on the taskbar and in the installer. */
const APP_ICO = [16, 20, 24, 32, 40, 48, 64, 128, 256];
/** The notification area of Windows at 100, 125, 150 and 200 %. */
const TRAY_ICO = [16, 20, 24, 32];

/**
 * Everything that is made from the SVGs; the same SVGs give the same bytes on every machine.
 * @returns {Promise<Map<string, Buffer>>} by path, relative to `assets/icons`
 */
export async function drawIcons() {
  // Loaded late: it needs the packages that setup may have just installed.
  const { Resvg } = await import('@resvg/resvg-js');
  const { default: icoOf } = await import('png-to-ico');

  /** @param {string} svg @param {number} size */
  const png = (svg, size) => new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
  /** @param {string} svg @param {readonly number[]} sizes */
  const ico = (svg, sizes) => icoOf(sizes.map((size) => png(svg, size)));

  const app = readFileSync(path.join(FOLDER, 'app.svg'), 'utf8');
  const icons = new Map([
    ['app.png', png(app, APP)],
    ['window.png', png(app, WINDOW)],
    ['app.ico', await ico(app, APP_ICO)],
  ]);
  for (const file of readdirSync(path.join(FOLDER, 'tray')).filter((each) => each.endsWith('.svg'))) {
    const svg = readFileSync(path.join(FOLDER, 'tray', file), 'utf8');
    // macOS gives a template its colour; only where it is not transparent counts.
    const template = svg.replace(/<g id="outline"[^]*?<\/g>/, '').replace(/ color="[^"]*"/, '');
    const name = `tray/${path.basename(file, '.svg')}`;
    icons.set(`${name}.png`, png(svg, 24));
    icons.set(`${name}@2x.png`, png(svg, 48));
    icons.set(`${name}.ico`, await ico(svg, TRAY_ICO));
    icons.set(`${name}Template.png`, png(template, 16));
    icons.set(`${name}Template@2x.png`, png(template, 32));
  }
  return icons;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await run(async () => {
    await setup('packages');
    const icons = await drawIcons();
    for (const [file, bytes] of icons) writeFileSync(path.join(FOLDER, file), bytes);
    say(`${icons.size} icons drawn.`);
    return 0;
  });
}
