import { mount } from 'svelte';
import { say } from '../../domain/words/say.ts';
import '../ui/base.css';
import { ownBridge } from '../state/bridge.ts';
import { mirror } from '../state/mirror.ts';
import Widget from './Widget.svelte';

const bridge = ownBridge<'widget'>();
const target = document.getElementById('widget');
if (!bridge || !target) throw new Error(say('ui.noBridge'));

document.title = say('widget.title');
mount(Widget, { target, props: { bridge, mirror: mirror(bridge) } });
