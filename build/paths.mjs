// @ts-check
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The project's folder, absolute, without a trailing slash. */
export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What is fetched once per person and machine, outside the project. */
export const CACHE = path.join(
  process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'),
  'sharelight',
);

/** What belongs to this checkout and may be thrown away; git ignores it. */
export const RESULTS = path.join(ROOT, 'test-results');
