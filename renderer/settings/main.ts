import { mount } from 'svelte';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import { say } from '../../domain/words/say.ts';
import '../ui/base.css';
import { ownBridge } from '../state/bridge.ts';
import { mirror } from '../state/mirror.ts';
import Guarded from '../ui/ErrorBoundary.svelte';
import SettingsPage from './SettingsPage.svelte';

const bridge = ownBridge<'settings'>();
const target = document.getElementById('settings');
if (!bridge || !target) throw new Error(say('ui.noBridge'));

document.title = say('settings.title');
mount(Guarded<BridgeOf<'settings'>>, {
  target,
  props: { page: SettingsPage, bridge, mirror: mirror(bridge) },
});
