import { execFile } from 'node:child_process';
import { callSystemBus } from './dbus.ts';

/** What NetworkManager calls metered: yes, or by all it knows. */
const meteredValues = [1, 3];
const answerWithinMs = 5_000;

/** Prints the cost of the connection in use: `Unrestricted` is the one that is not metered. */
const costCommand =
  '[Windows.Networking.Connectivity.NetworkInformation,Windows.Networking.Connectivity,ContentType=WindowsRuntime]' +
  '::GetInternetConnectionProfile().GetConnectionCost().NetworkCostType';

/** Whether the network costs by how much goes over it, as the system says; false where it does not say. */
export async function isMetered(platform: NodeJS.Platform): Promise<boolean> {
  if (platform === 'linux') {
    const name = 'org.freedesktop.NetworkManager';
    const reply = await callSystemBus(
      name,
      '/org/freedesktop/NetworkManager',
      'org.freedesktop.DBus.Properties.Get',
      name,
      'Metered',
    );
    return meteredIn(reply);
  }
  if (platform !== 'win32') return false;
  const cost = await printed('powershell.exe', ['-NoProfile', '-Command', costCommand]);
  return /^(?:Fixed|Variable)$/m.test(cost);
}

/** `(<uint32 1>,)`, as `gdbus` prints it. */
export function meteredIn(reply: string | null): boolean {
  const value = /<uint32 (\d+)>/.exec(reply ?? '')?.[1];
  return value !== undefined && meteredValues.includes(Number(value));
}

function printed(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: answerWithinMs, windowsHide: true }, (error, stdout) => {
      resolve(error ? '' : stdout);
    });
  });
}
