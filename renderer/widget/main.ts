import { mount } from 'svelte';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import { say } from '../../domain/words/say.ts';
import '../ui/base.css';
import { ownBridge } from '../state/bridge.ts';
import { mirror } from '../state/mirror.ts';
import Guarded from '../ui/ErrorBoundary.svelte';
import Widget from './Widget.svelte';

const bridge = ownBridge<'widget'>();
const target = document.getElementById('widget');
if (!bridge || !target) throw new Error(say('ui.noBridge'));

document.title = say('widget.title');
mount(Guarded<BridgeOf<'widget'>>, { target, props: { page: Widget, bridge, mirror: mirror(bridge) } });
