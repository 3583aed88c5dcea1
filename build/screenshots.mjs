// @ts-check
// `npm run screenshots [-- --docs] [-- <filter>]`: a picture of every state of the real app in every theme.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { compileFor } from './compiled-code.mjs';
import { runTool } from './checks.mjs';
import { ROOT } from './paths.mjs';
import { resolveRuntime } from './runtime/resolve.mjs';
import { run, say } from './say.mjs';
import { setup } from './setup.mjs';

const PICTURES = path.join(ROOT, 'out/screenshots');
const DOCS = path.join(ROOT, 'assets/docs');
/** Those the README shows. They hold times of day, so they change only when somebody asks for it. */
const SHOWN = ['sharing-dark', 'alerting-light', 'wrap-up-dark', 'not-confirmed-dark', 'conflict-light'];

await run(async () => {
  const refreshDocs = process.argv.includes('--docs');
  const filter = process.argv.slice(2).filter((argument) => argument !== '--docs');

  await setup('desktop');
  const runtime = await resolveRuntime();
  await build();
  await compileFor(runtime);
  mkdirSync(PICTURES, { recursive: true });
  const code = await runTool([
    '@playwright/test/cli.js',
    ...['test', '--config', 'build/screenshots.config.ts'],
    ...filter,
  ]);
  if (code !== 0) return code;

  say(`The pictures are in ${path.relative(process.cwd(), PICTURES) || '.'}.`);
  if (refreshDocs) {
    mkdirSync(DOCS, { recursive: true });
    for (const name of SHOWN)
      copyFileSync(path.join(PICTURES, `${name}.png`), path.join(DOCS, `${name}.png`));
    say(`${SHOWN.length} of them were copied to ${path.relative(process.cwd(), DOCS)}.`);
  }
  return 0;
});
