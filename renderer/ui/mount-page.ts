import { mount, type Component } from 'svelte';
import type { WindowRole } from '../../domain/ipc/channels.ts';
import type { Bridge, BridgeOf } from '../../domain/ipc/contract.ts';
import { say, speakIn, type MessageKey } from '../../domain/words/say.ts';
import { ownBridge } from '../state/bridge.ts';
import { mirror, type Mirrored } from '../state/mirror.ts';
import type { Rune } from '../state/rune.ts';
import { pageSight } from '../state/sight.ts';
import './base.css';
import Page from './Page.svelte';

/** How long a page waits for the first state before it is drawn without one, ms. */
const firstStateMs = 250;

/** Starts a window: its page in the element that is named like its role, drawn once, with the first state. */
export function mountPage<Role extends WindowRole>(
  role: Role,
  title: MessageKey,
  page: Component<{ bridge: BridgeOf<Role>; mirrored: Rune<Mirrored> }>,
): void {
  const bridge = ownBridge<Role>();
  const target = document.getElementById(role);
  if (!bridge || !target) throw new Error(say('ui.noBridge'));
  // Every window may ask for the state.
  const stateOf = bridge as Pick<Bridge, 'getSnapshot' | 'onPatch' | 'onShown'>;
  const mirrored = mirror(stateOf);
  stateOf.onShown(pageSight.setShown);
  mirrored.store.subscribe(({ state }) => {
    pageSight.setLocked(state?.presence.locked === true);
  });
  let isMounted = false;
  const draw = (): void => {
    if (isMounted) return;
    isMounted = true;
    mount(Page<BridgeOf<Role>>, { target, props: { page, role, bridge, mirror: mirrored, title } });
  };
  void mirrored.ready.then(async () => {
    const language = mirrored.store.getState().state?.appearance.language ?? 'en';
    // English is there already. A page without its translation is better than none.
    if (language !== 'en') await speakIn(language).catch(() => undefined);
    draw();
  });
  setTimeout(draw, firstStateMs);
}
