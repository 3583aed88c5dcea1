import { mount } from 'svelte';
import { say } from '../../domain/words/say.ts';
import '../ui/base.css';
import { ownBridge } from '../state/bridge.ts';
import { mirror } from '../state/mirror.ts';
import ReviewPage from './ReviewPage.svelte';

const bridge = ownBridge<'review'>();
const target = document.getElementById('review');
if (!bridge || !target) throw new Error(say('ui.noBridge'));

document.title = say('review.title');
mount(ReviewPage, { target, props: { bridge, mirror: mirror(bridge) } });
