import { say } from '../../domain/words/say.ts';

/**
 * The switches of the browser engine that the shipped program allows. The engine obeys them before this program runs,
 * and some open a debugging port or run other code: with any other one the program ends at once.
 */
const allowed: Readonly<Record<string, RegExp>> = {
  'ozone-platform': /^(?:x11|wayland|headless)$/,
  'ozone-platform-hint': /^(?:auto|x11|wayland)$/,
  'password-store': /^(?:gnome-libsecret|kwallet[56]?|gnome-keyring|gnome)$/,
  'force-device-scale-factor': /^\d{1,2}(?:\.\d{1,4})?$/,
  'force-renderer-accessibility': /^(?:|basic|form-controls|complete)$/,
  'gtk-version': /^[34]$/,
  'enable-wayland-ime': /^(?:|true|false)$/,
  'wayland-text-input-version': /^[13]$/,
  'disable-gpu': /^$/,
  'disable-dev-shm-usage': /^$/,
  lang: /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/,
  class: /^[\w.-]{1,64}$/,
  name: /^[\w.-]{1,64}$/,
};

/** Switches that may have come another way than the command line: Electron turns variables into some of them. */
const neverSet = [
  'no-sandbox',
  'disable-web-security',
  'ignore-certificate-errors',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'js-flags',
];

interface Given {
  /** The arguments after the program. */
  readonly args: readonly string[];
  /** Names of the program's own flags, without dashes. */
  readonly own: readonly string[];
  readonly platform: NodeJS.Platform;
  /** Whether the engine has a switch, wherever it came from. */
  readonly engineHas: (name: string) => boolean;
}

/** One sentence for the person when the program must not go on; null when nothing is wrong. */
export function engineSwitchProblem({ args, own, platform, engineHas }: Given): string | null {
  // As the engine reads it: spaces around count for nothing, one dash is as good as two, and on Windows so is a slash.
  const prefix = platform === 'win32' ? /^(?:--|-|\/)/ : /^--?/;
  for (const arg of args) {
    const text = arg.trim();
    if (text === '--') break;
    if (!prefix.test(text) || text === '-') continue;
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text.replace(prefix, '')) ?? [];
    if (text.startsWith('--') && arg === text) {
      if (own.includes(name)) continue;
      if (Object.hasOwn(allowed, name) && allowed[name]?.test(value)) continue;
    }
    return sentenceFor(name, text);
  }
  const hidden = neverSet.find(engineHas);
  return hidden === undefined ? null : sentenceFor(hidden, `--${hidden}`);
}

function sentenceFor(name: string, typed: string): string {
  if (name === 'no-sandbox') return say('flag.noSandbox');
  // Not its value: that may be long, or a secret.
  const flag = typed.replace(/=.*$/s, '').slice(0, 60);
  return say('flag.notForPackaged', { flag });
}

/**
 * Takes out of the environment what steers Electron, Node and the engine, so that no thread and no process of this
 * program meets it. Certificates are somebody else's decision: see `shell/network-settings.ts`.
 */
export function dropEngineVariables(env: NodeJS.ProcessEnv): void {
  const stay = ['ELECTRON_OZONE_PLATFORM_HINT', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED'];
  for (const name of Object.keys(env)) {
    const upper = name.toUpperCase();
    const steers = /^(?:ELECTRON|NODE|UV|LIBSQL)_/.test(upper);
    const records = ['SSLKEYLOGFILE', 'CHROME_LOG_FILE', 'CHROME_DEVEL_SANDBOX'].includes(upper);
    if ((steers || records) && !stay.includes(upper)) Reflect.deleteProperty(env, name);
  }
}
