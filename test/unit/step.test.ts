import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../build/paths.mjs';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(path.join(os.tmpdir(), 'sharelight-step-'));
  for (const file of ['paths.mjs', 'say.mjs', 'spawn.mjs', 'step.mjs'])
    await cp(path.join(ROOT, 'build', file), path.join(project, 'build', file));
});
afterEach(() => rm(project, { recursive: true }));

/** Runs these lines as a command of a project that has nothing but the steps. */
async function command(...lines: readonly string[]) {
  const script = `
    import { run } from './say.mjs';
    import { runLogged, step } from './step.mjs';
    await run(async () => { ${lines.join('\n')}; return 0; });`;
  await writeFile(path.join(project, 'build/command.mjs'), script);
  const child = spawn(process.execPath, ['build/command.mjs'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return {
    code: child.exitCode,
    stdout,
    stderr,
    log: () => readFile(path.join(project, 'out/setup.log'), 'utf8'),
  };
}

/** A program that says two lines, in colour, and ends. @param code its exit code */
const chatter = (code: number) =>
  `(log) => runLogged(log, process.execPath, ['-e', \`
    console.log('\\x1b[33mfetching\\x1b[39m'); console.error('deprecated'); process.exitCode = ${code}\`])`;

describe('a step of getting ready', () => {
  it('is one line; what it says goes to the log that is named', async () => {
    const { code, stdout, stderr, log } = await command(
      `await step('Installing things', ${chatter(0)})`,
      `await step('Looking around', async () => 7, (found) => found + ' found')`,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `Getting ready. The full output of each step is in ${path.join('out', 'setup.log')}.`,
      expect.stringMatching(/^Installing things … \d+ s$/),
      'Looking around … 7 found',
      '',
    ]);
    const logged = await log();
    expect(logged).toContain('=== Installing things\n');
    expect(logged).toContain('fetching\n');
    expect(logged).toContain('deprecated\n');
  });

  it('that fails shows its last lines and the log, and nothing goes on', async () => {
    const { code, stderr, log } = await command(
      `await step('Installing things', async (log) => {
        for (let line = 1; line <= 100; line += 1) log('line ' + line + '\\n');
        await (${chatter(3)})(log);
      })`,
      `await step('Building', async () => 0)`,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('Installing things … failed\n');
    expect(stderr).toContain('  deprecated\n');
    expect(stderr).toContain('ended with 3\n');
    expect(stderr).not.toContain('line 50\n');
    expect(stderr).not.toContain('Building');
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `The full output is in ${path.join('out', 'setup.log')}.`,
    );
    expect(await log()).toContain('line 50\n');
  });

  it('that breaks by a mistake of ours says where', async () => {
    const { code, stderr } = await command(
      `await step('Building', async () => { throw new Error('a bug') })`,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ {2}Error: a bug\n {2} {4}at .*command\.mjs/m);
  });

  it('whose program is not there fails as well', async () => {
    const { code, stderr } = await command(
      `await step('Asking', (log) => runLogged(log, 'no-such-program', []))`,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('ENOENT');
  });

  it('that never comes names no log', async () => {
    const { code, stderr } = await command('');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('a program that lives and dies with us', () => {
  it('ends when npm is killed, which hands that on to nobody', async () => {
    const started = `setInterval(() => undefined, 1000); console.log('started');`;
    await writeFile(
      path.join(project, 'build/command.mjs'),
      `import { spawnWithUs } from './spawn.mjs';
       await spawnWithUs(process.execPath, ['-e', ${JSON.stringify(started)}], { stdio: 'inherit' }).ended;`,
    );
    // npm starts a shell, and that starts us.
    const npm = `require('child_process').spawn('sh', ['-c', '"$0" build/command.mjs; true', process.execPath],
      { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'archive' } })`;
    const child = spawn(process.execPath, ['-e', npm], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Once everybody is gone who could still write to it.
    const ended = once(child, 'close');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await ended;
    expect(child.signalCode).toBe('SIGKILL');
  });
});
