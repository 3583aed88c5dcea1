import { describe, expect, it } from 'vitest';
import { ownFlags } from '../../../electron/program/command-line.ts';
import { dropEngineVariables, engineSwitchProblem } from '../../../electron/program/engine-switches.ts';

function problem(
  args: readonly string[],
  { platform = 'linux', set = [] }: { platform?: NodeJS.Platform; set?: readonly string[] } = {},
): string | null {
  const engineHas = (name: string): boolean => set.includes(name);
  return engineSwitchProblem({ args, own: ownFlags, platform, engineHas });
}

describe('the shipped program', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--remote-allow-origins=*',
    '--no-sandbox',
    '--disable-setuid-sandbox',
    '--disable-gpu-sandbox',
    '--no-zygote',
    '--single-process',
    '--disable-web-security',
    '--allow-running-insecure-content',
    '--ignore-certificate-errors',
    '--ignore-certificate-errors-spki-list=abc',
    '--js-flags=--expose-gc',
    '--inspect',
    '--inspect-brk=0.0.0.0:9229',
    '--require=/tmp/evil.js',
    '--load-extension=/tmp/evil',
    '--renderer-cmd-prefix=/tmp/evil',
    '--gpu-launcher=/tmp/evil',
    '--browser-subprocess-path=/tmp/evil',
    '--host-resolver-rules=MAP * 127.0.0.1',
    '--proxy-server=evil.example:80',
    '--ssl-key-log-file=/tmp/keys',
    '--log-net-log=/tmp/net.json',
    '--enable-logging=file',
    '--log-file=/tmp/log',
    '--v=9',
    '--enable-features=Evil',
    '--disable-features=Safety',
    '--type=renderer',
    '--password-store=basic',
    '--ozone-platform=../../tmp/evil',
    '--disable-gpu=x',
    '--feeed=simulator',
  ])('does not start with %s', (arg) => {
    const said = problem(['--feed', 'simulator', arg]);
    expect(said).toContain(arg.replace(/=.*/, ''));
    expect(said?.split('\n')).toHaveLength(1);
    expect(said).not.toContain('evil');
  });

  // The engine's own reading of a command line.
  it.each([
    ['one dash is as good as two', ['-remote-debugging-port=1'], 'linux'],
    ['spaces around count for nothing', ['  --no-sandbox '], 'linux'],
    ['a value of ours may be a switch of the engine', ['--user-data-dir', '--no-sandbox'], 'linux'],
    ['our own flag with one dash is the engine’s', ['-user-data-dir=/tmp/x'], 'linux'],
    ['a slash on Windows', ['/remote-debugging-port=1'], 'win32'],
    ['capitals on Windows', ['--Remote-Debugging-Port=1'], 'win32'],
    ['what Finder adds, elsewhere', ['-psn_0_12345'], 'linux'],
  ] as const)('reads as the engine does: %s', (_why, args, platform) => {
    expect(problem(args, { platform })).not.toBeNull();
  });

  it('sees a switch that came from the environment', () => {
    expect(problem([], { set: ['no-sandbox'] })).toContain('--no-sandbox');
    expect(problem(['--feed', 'simulator'], { set: ['remote-debugging-port'] })).toContain(
      '--remote-debugging-port',
    );
  });

  it.each([
    [[]],
    [['--user-data-dir', '/data/-odd', '--feed=simulator', '--hidden']],
    [['--export', 'json', '--since', '7d', '--redact']],
    [['--api', 'https://api.mypurecloud.de', '--login=https://login.mypurecloud.de']],
    [['--ozone-platform=x11', '--disable-gpu', '--password-store=gnome-libsecret', '--lang=de-CH']],
    [['--force-device-scale-factor=1.5', '--force-renderer-accessibility', '--gtk-version=3']],
    [['/data/file.ndjson', '-', '--', '--no-sandbox-behind-the-end']],
  ])('starts with %j', (args) => {
    expect(problem(args)).toBeNull();
  });
});

it('nothing in the environment steers the engine or Node', () => {
  const env = {
    HOME: '/data/me',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    SHARELIGHT_ACCESS_TOKEN: 'token',
    NODE_OPTIONS: '--require /tmp/evil.js',
    node_path: '/tmp',
    NODE_COMPILE_CACHE: '/tmp',
    ELECTRON_RUN_AS_NODE: '1',
    ELECTRON_ENABLE_LOGGING: '1',
    SSLKEYLOGFILE: '/tmp/keys',
    LIBSQL_JS_DEV: '1',
  };
  dropEngineVariables(env);
  expect(Object.keys(env)).toEqual(['HOME', 'NODE_EXTRA_CA_CERTS', 'SHARELIGHT_ACCESS_TOKEN']);
});
