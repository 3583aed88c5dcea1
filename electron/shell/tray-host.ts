import { execFile } from 'node:child_process';

const service = 'org.kde.StatusNotifierWatcher';

function ask(command: string, args: readonly string[]): Promise<boolean | null> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 1500 }, (error, stdout) => {
      resolve(error ? null : /true/.test(stdout));
    });
  });
}

/**
 * Whether this desktop shows tray icons. Electron cannot tell on Linux, and a window hidden into a tray
 * that is not there is lost; so when nobody answers, the answer is no.
 */
export async function hasTrayHost(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return true;
  const bus = 'org.freedesktop.DBus';
  const viaGdbus = [
    'call',
    '--session',
    '--dest',
    bus,
    '--object-path',
    '/',
    '--method',
    `${bus}.NameHasOwner`,
    service,
  ];
  const viaSend = [
    '--session',
    '--print-reply',
    `--dest=${bus}`,
    '/',
    `${bus}.NameHasOwner`,
    `string:${service}`,
  ];
  return (await ask('gdbus', viaGdbus)) ?? (await ask('dbus-send', viaSend)) ?? false;
}
