// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runTool } from './checks.mjs';
import { RESULTS, ROOT } from './paths.mjs';

/**
 * How a suite ended. A test that was left out, and a suite that broke without naming a test, count as failed:
 * silence is not success.
 * `failures`: what failed, a line each, so that the end of a long run names it.
 * `blockedMs`: the longest time a test says one input kept the main thread; null where none says so.
 * @typedef {{ name: string, passed: number, failed: number, failures: string[], blockedMs?: number | null }} Outcome
 */

/**
 * @param {readonly string[]} filter as the test runner takes it
 * @returns {Promise<Outcome>}
 */
export async function runUnitTests(filter) {
  const report = freshReport('unit.json');
  const code = await runTool([
    'vitest/vitest.mjs',
    ...['run', '--config', 'build/vitest.config.ts', '--reporter=default', '--reporter=json'],
    ...[`--outputFile.json=${report}`, ...(filter.length > 0 ? ['--passWithNoTests'] : []), ...filter],
  ]);
  const result = read(report);
  /** @type {any[]} */
  const files = result?.testResults ?? [];
  const unloadable = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = (result?.numTotalTests ?? 0) - (result?.numPassedTests ?? 0) + unloadable.length;
  const failures = [
    ...unloadable.map((file) => failure(file.name, 'cannot be loaded', file.message)),
    ...files.flatMap((file) =>
      file.assertionResults
        .filter((/** @type {any} */ test) => test.status !== 'passed')
        .map((/** @type {any} */ test) => failure(file.name, test.fullName, test.failureMessages?.[0])),
    ),
  ];
  const blocked = files
    .flatMap((file) => file.assertionResults)
    .flatMap(({ meta }) => (typeof meta?.blockedMs === 'number' ? [meta.blockedMs] : []));
  return {
    ...outcome('unit', {
      ...{ code, passed: result?.numPassedTests ?? 0, failed, failures },
      filtered: filter.length > 0,
    }),
    blockedMs: blocked.length > 0 ? Math.max(...blocked) : null,
  };
}

/**
 * @param {readonly string[]} filter as the test runner takes it
 * @returns {Promise<Outcome>}
 */
export async function runEndToEndTests(filter) {
  const report = freshReport('e2e.json');
  const code = await runTool([
    '@playwright/test/cli.js',
    ...['test', '--config', 'build/playwright.config.ts'],
    ...(filter.length > 0 ? ['--pass-with-no-tests'] : []),
    ...filter,
  ]);
  const result = read(report);
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = result?.stats ?? {};
  const failed = unexpected + flaky + skipped + (result?.errors?.length ?? 0);
  const failures = [
    ...(result?.errors ?? []).map((/** @type {any} */ error) => failure('', 'outside a test', error.message)),
    ...specs(result)
      .filter((spec) => !spec.ok || spec.tests.some((/** @type {any} */ { status }) => status !== 'expected'))
      .map((spec) => failure(`${spec.file}:${spec.line}`, spec.title, firstError(spec))),
  ];
  return outcome('end to end', { code, passed: expected, failed, failures, filtered: filter.length > 0 });
}

/**
 * @param {any} suite of Playwright's report, at any depth
 * @returns {any[]}
 */
function specs(suite) {
  return [...(suite?.specs ?? []), ...(suite?.suites ?? []).flatMap(specs)];
}

/** @param {any} spec */
function firstError(spec) {
  return spec.tests
    .flatMap((/** @type {any} */ { results }) => results)
    .flatMap((/** @type {any} */ { errors }) => errors)[0]?.message;
}

/**
 * @param {string} file
 * @param {string} title
 * @param {string | undefined} message
 */
function failure(file, title, message) {
  const [first = 'left out'] = stripVTControlCharacters(message ?? '')
    .split('\n')
    .filter(Boolean);
  return [path.isAbsolute(file) ? path.relative(ROOT, file) : file, title, first].filter(Boolean).join(' › ');
}

/**
 * @param {string} name
 * @param {{ code: number, passed: number, failed: number, failures: string[], filtered: boolean }} facts
 * @returns {Outcome}
 */
function outcome(name, { code, passed, failed, failures, filtered }) {
  const ranNothing = passed + failed === 0 && !filtered;
  const brokeSilently = code !== 0 && failed === 0;
  return { name, passed, failed: failed === 0 && (ranNothing || brokeSilently) ? 1 : failed, failures };
}

/** @param {string} name */
function freshReport(name) {
  mkdirSync(RESULTS, { recursive: true });
  const report = path.join(RESULTS, name);
  // Yesterday's report must not speak for a run that wrote none.
  rmSync(report, { force: true });
  return report;
}

/**
 * @param {string} report
 * @returns {any} nothing when there is none
 */
function read(report) {
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
}
