import * as dbus from '@jellybrick/dbus-next';
import { call, connect } from '../../desktop/bus.mjs';
import type { Desktop } from './fixtures.ts';

const service = {
  destination: 'org.freedesktop.secrets',
  path: '/org/freedesktop/secrets',
  interface: 'org.freedesktop.Secret.Service',
};
type Bus = Awaited<ReturnType<typeof connect>>;

/** Locks the desktop's key store, as its owner would. Returns how to unlock it again. */
export async function lockKeyring({ env }: Desktop): Promise<() => Promise<void>> {
  const bus = await connect(env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  const [collection] = (await call(bus, {
    ...service,
    member: 'ReadAlias',
    signature: 's',
    body: ['default'],
  })) as [string];
  await call(bus, { ...service, member: 'Lock', signature: 'ao', body: [[collection]] });
  return async () => {
    await unlock(bus, collection);
    bus.disconnect();
  };
}

/** With the word the virtual desktop set it up with; a person would be asked for it in a window. */
async function unlock(bus: Bus, collection: string): Promise<void> {
  const plain = ['plain', new dbus.Variant('s', '')];
  const opened = await call(bus, { ...service, member: 'OpenSession', signature: 'sv', body: plain });
  const secret = [opened[1], Buffer.alloc(0), Buffer.from('sharelight'), 'text/plain'];
  await call(bus, {
    ...service,
    interface: 'org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface',
    member: 'UnlockWithMasterPassword',
    signature: 'o(oayays)',
    body: [collection, secret],
  });
}
