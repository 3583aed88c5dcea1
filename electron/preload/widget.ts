import { exposeBridge } from './bridge.ts';

exposeBridge('widget');
