import { mount } from 'svelte';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import { say } from '../../domain/words/say.ts';
import '../ui/base.css';
import { ownBridge } from '../state/bridge.ts';
import { mirror } from '../state/mirror.ts';
import Guarded from '../ui/ErrorBoundary.svelte';
import ReviewPage from './ReviewPage.svelte';

const bridge = ownBridge<'review'>();
const target = document.getElementById('review');
if (!bridge || !target) throw new Error(say('ui.noBridge'));

document.title = say('review.title');
mount(Guarded<BridgeOf<'review'>>, { target, props: { page: ReviewPage, bridge, mirror: mirror(bridge) } });
