import { afterAll } from 'vitest';
import { stopStores } from './stores.ts';

afterAll(stopStores);
