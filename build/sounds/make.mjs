// @ts-check
// `npm run sounds`: writes assets/sounds from the recipes in synthesise.mjs; the same recipe, the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../paths.mjs';
import { run, say } from '../say.mjs';
import { SOUNDS, synthesise } from './synthesise.mjs';

await run(async () => {
  const folder = path.join(ROOT, 'assets/sounds');
  mkdirSync(folder, { recursive: true });
  for (const [name, sound] of Object.entries(SOUNDS)) {
    writeFileSync(path.join(folder, `${name}.wav`), synthesise(sound));
  }
  say('Sounds made.');
  return 0;
});
