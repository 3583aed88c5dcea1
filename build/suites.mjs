// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runTool } from './checks.mjs';
import { RESULTS } from './paths.mjs';

/**
 * How a suite ended. A test that was left out, and a suite that broke without naming a test, count as failed:
 * silence is not success.
 * @typedef {{ name: string, passed: number, failed: number }} Outcome
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
  return outcome('unit', { code, passed: result?.numPassedTests ?? 0, failed, filtered: filter.length > 0 });
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
  return outcome('end to end', { code, passed: expected, failed, filtered: filter.length > 0 });
}

/**
 * @param {string} name
 * @param {{ code: number, passed: number, failed: number, filtered: boolean }} facts
 * @returns {Outcome}
 */
function outcome(name, { code, passed, failed, filtered }) {
  const ranNothing = passed + failed === 0 && !filtered;
  const brokeSilently = code !== 0 && failed === 0;
  return { name, passed, failed: failed === 0 && (ranNothing || brokeSilently) ? 1 : failed };
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
