import { exposeBridge } from './bridge.ts';

exposeBridge('review');
