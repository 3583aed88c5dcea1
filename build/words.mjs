// @ts-check
// `npm run words -- [--csv] [--unanswered] [--policy <policy>]`: what Sharelight says about every cell of
// state × disconnect type × after-call work × sharing, as a table on stdout.
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ROOT } from './paths.mjs';
import { run } from './say.mjs';
import { setup } from './setup.mjs';

/** @param {readonly (readonly string[])[]} rows */
function asText(rows) {
  const widths = (rows[0] ?? []).map((_name, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((value, column) => value.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** RFC 4180. @param {readonly (readonly string[])[]} rows */
function asCsv(rows) {
  return rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','));
}

await run(async () => {
  const { values: flags } = parseArgs({
    options: { csv: { type: 'boolean' }, unanswered: { type: 'boolean' }, policy: { type: 'string' } },
  });
  await setup('packages');
  const vite = await import('vite');
  const { module } = await vite.runnerImport(path.join(ROOT, 'build/words-table.ts'), {
    configFile: false,
    logLevel: 'error',
  });
  const { wordsTable } = /** @type {typeof import('./words-table.ts')} */ (module);
  const rows = wordsTable({ answered: !flags.unanswered, policy: flags.policy });
  const lines = flags.csv ? asCsv(rows) : asText(rows);
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on('error', () => process.exit(0));
  await new Promise((resolve) => process.stdout.write(`${lines.join('\n')}\n`, resolve));
  return 0;
});
