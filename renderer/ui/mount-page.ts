import { mount, type Component } from 'svelte';
import type { WindowRole } from '../../domain/ipc/channels.ts';
import type { Bridge, BridgeOf } from '../../domain/ipc/contract.ts';
import { say } from '../../domain/words/say.ts';
import { ownBridge } from '../state/bridge.ts';
import { mirror, type Mirrored } from '../state/mirror.ts';
import type { Rune } from '../state/rune.ts';
import './base.css';
import Page from './Page.svelte';

/** Starts a window: its page in the element that is named like its role. */
export function mountPage<Role extends WindowRole>(
  role: Role,
  title: string,
  page: Component<{ bridge: BridgeOf<Role>; mirrored: Rune<Mirrored> }>,
): void {
  const bridge = ownBridge<Role>();
  const target = document.getElementById(role);
  if (!bridge || !target) throw new Error(say('ui.noBridge'));
  document.title = title;
  // Every window may ask for the state.
  const stateOf = bridge as Pick<Bridge, 'getSnapshot' | 'onPatch'>;
  mount(Page<BridgeOf<Role>>, { target, props: { page, bridge, mirror: mirror(stateOf) } });
}
