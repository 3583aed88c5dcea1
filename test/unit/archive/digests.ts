import { createHash, createHmac } from 'node:crypto';
import type { KeyedDigest } from '../../../domain/archive/mask.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
export const keyedBy =
  (key: string): KeyedDigest =>
  (text) =>
    createHmac('sha256', key).update(text).digest('hex');
