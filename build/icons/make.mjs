// @ts-check
// `npm run icons`: draws every picture in assets/icons from the SVG next to it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../paths.mjs';
import { run, say } from '../say.mjs';
import { setup } from '../setup.mjs';
import { withCanvas } from './canvas.mjs';
import { encodeIco } from './ico.mjs';

const ICONS = path.join(ROOT, 'assets/icons');
const TRAY = path.join(ICONS, 'tray');

/** Ink around the colour: the shape stands out on a light, a dark and a middle-grey panel alike. */
const OUTLINE = { color: '#14171d', width: 0.9 };
/** For the packages of macOS and Linux, which make their smaller ones from it. */
const APP = 1024;
/** What windows and notifications carry: a larger one is decoded and handed over each time for nothing. */
const WINDOW = 256;
/** What Windows shows in Explorer, on the taskbar and in the installer. */
const APP_ICO = [16, 20, 24, 32, 40, 48, 64, 128, 256];
/** The notification area of Windows at 100, 125, 150 and 200 %. */
const TRAY_ICO = [16, 20, 24, 32];

await run(async () => {
  await setup('desktop');
  await withCanvas(async (render) => {
    /**
     * @param {string} svg
     * @param {readonly number[]} sizes
     * @param {Omit<import('./canvas.mjs').Style, 'size'>} [style]
     */
    async function ico(svg, sizes, style = {}) {
      const pictures = [];
      for (const size of sizes) pictures.push(await render(svg, { ...style, size }));
      return encodeIco(pictures);
    }

    const app = readFileSync(path.join(ICONS, 'app.svg'), 'utf8');
    writeFileSync(path.join(ICONS, 'app.png'), (await render(app, { size: APP })).png);
    writeFileSync(path.join(ICONS, 'window.png'), (await render(app, { size: WINDOW })).png);
    writeFileSync(path.join(ICONS, 'app.ico'), await ico(app, APP_ICO));

    for (const file of readdirSync(TRAY).filter((each) => each.endsWith('.svg'))) {
      const svg = readFileSync(path.join(TRAY, file), 'utf8');
      const target = path.join(TRAY, path.basename(file, '.svg'));
      const colored = { outline: OUTLINE };
      const template = { color: '#000000' };
      writeFileSync(`${target}.png`, (await render(svg, { ...colored, size: 24 })).png);
      writeFileSync(`${target}@2x.png`, (await render(svg, { ...colored, size: 48 })).png);
      writeFileSync(`${target}.ico`, await ico(svg, TRAY_ICO, colored));
      writeFileSync(`${target}Template.png`, (await render(svg, { ...template, size: 16 })).png);
      writeFileSync(`${target}Template@2x.png`, (await render(svg, { ...template, size: 32 })).png);
    }
  });
  say('Icons drawn.');
  return 0;
});
