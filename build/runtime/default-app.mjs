// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ROOT } from '../paths.mjs';

const SOURCE = path.join(ROOT, 'build/runtime/default-app');

/**
 * Puts our default app into a runtime that has none. Packed anew only when its source changed.
 * @param {string} resources the runtime's `resources` folder
 * @param {string} mark the file that remembers which source was packed
 */
export async function packDefaultApp(resources, mark) {
  const hash = createHash('sha256');
  for (const file of readdirSync(SOURCE).sort()) hash.update(readFileSync(path.join(SOURCE, file)));
  const wanted = hash.digest('hex');

  const archive = path.join(resources, 'default_app.asar');
  if (existsSync(archive) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;

  const { createPackage } = await import('@electron/asar');
  const draft = `${archive}.${process.pid}`;
  await createPackage(SOURCE, draft);
  // Replaced in one step: another start may be reading it.
  renameSync(draft, archive);
  writeFileSync(mark, wanted);
}
