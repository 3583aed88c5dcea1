/**
 * Variables that would take the protection off this program's connections, or print what they carry. They are often
 * set for other programs beside a proxy that inspects traffic, and Node reads some of them at each connection.
 * `NODE_EXTRA_CA_CERTS` is none of them: it adds an authority, and every certificate is still checked.
 */
const unsafe: Readonly<Record<string, (value: string) => boolean>> = {
  // Accepts any certificate.
  NODE_TLS_REJECT_UNAUTHORIZED: (value) => value === '0',
  // Other authorities than the system's own; many systems name their own here.
  SSL_CERT_FILE: isNotTheSystems,
  SSL_CERT_DIR: isNotTheSystems,
  // The keys of every connection, in a file.
  SSLKEYLOGFILE: isSet,
  // Another way out than the system's settings name.
  NODE_USE_ENV_PROXY: (value) => value === '1',
  // What is sent, on standard error; any option of Node, and any code, in whatever is started from here.
  NODE_DEBUG: isSet,
  NODE_DEBUG_NATIVE: isSet,
  NODE_OPTIONS: isSet,
  ELECTRON_RUN_AS_NODE: isSet,
};

function isSet(value: string): boolean {
  return value !== '';
}

function isNotTheSystems(place: string): boolean {
  return place !== '' && !/^\/(?:etc|usr)\//.test(place);
}

/** Takes them out of `env`. Returns the names of those that would have changed something. */
export function cleanEnvironment(env: Record<string, string | undefined>): readonly string[] {
  return Object.entries(unsafe).flatMap(([name, changesSomething]) => {
    const value = env[name];
    Reflect.deleteProperty(env, name);
    return value !== undefined && changesSomething(value) ? [name] : [];
  });
}

/** Where a process that starts this program again names what it has taken out itself. */
const naming = 'SHARELIGHT_IGNORED_VARIABLES';

/** The environment for starting this program again. */
export function namingIgnored(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return ignoredVariables.length === 0 ? env : { ...env, [naming]: ignoredVariables.join(',') };
}

function namedBefore(env: Record<string, string | undefined>): readonly string[] {
  const names = (env[naming] ?? '').split(',');
  Reflect.deleteProperty(env, naming);
  return Object.keys(unsafe).filter((name) => names.includes(name));
}

/** What this program was started with and does without. The first thing that is loaded does this. */
export const ignoredVariables = [...namedBefore(process.env), ...cleanEnvironment(process.env)];
