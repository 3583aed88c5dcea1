import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { reducerVersion } from '../../../domain/communication/reduce-again.ts';
import { share } from '../store/shares.ts';
import type { Conversation } from '../../../domain/model/screenshare.ts';
import { agentId, at, ended, fold, live } from './wire.ts';
import { tell, whole } from './dialects.ts';

/** What some facts came to when these rules were given their number. */
const known = { rules: 6, sum: '99120564673c3ea6' };

function videoCall(agentShares: boolean, customerShares: boolean): Conversation {
  const video = (id: string, sharingScreen: boolean): object => ({ id, state: 'connected', sharingScreen });
  return {
    id: 'call',
    participants: [
      { id: 'customer', purpose: 'customer', videos: [video('v-c', customerShares)] },
      { id: 'agent', userId: agentId, videos: [video('v-a', agentShares)] },
    ],
  } as Conversation;
}

it('a change of what facts fold to gives the rules another number: kept facts were folded by the old ones', () => {
  const untils = ['alerting', 'live', 'due', 'settled', 'missing'] as const;
  const dialects = (['flattened', 'topic', 'rest'] as const).map((dialect) => tell(dialect, [whole]));
  const made = [
    ...untils.map((until) => share({ id: until, until }).at(-1)?.changed),
    fold(...dialects.map((told) => told as Conversation)),
    fold({ leg: live }, { leg: { ...live, sharing: true } }, { leg: { ...live, disconnectedTime: at(20) } }),
    fold(
      { leg: live, agent: { startTime: at(-900), calls: [{ id: 'call', state: 'connected' }] } },
      { leg: ended, agent: { calls: [{ id: 'call', state: 'connected' }] } },
      { leg: ended, agent: { calls: [{ id: 'call', state: 'disconnected' }], startAcwTime: at(600) } },
    ),
  ];
  made.push(
    fold(
      { leg: { ...live, sharing: true } },
      { leg: { ...live, sharing: true }, agent: { endTime: at(8) }, conversation: { endTime: at(9) } },
    ),
    fold(videoCall(false, false), videoCall(false, true), videoCall(true, false), videoCall(false, false)),
  );
  // Order of fields means nothing, in the file or out of it.
  const sorted = (_name: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  const text = JSON.stringify(made, sorted);
  const sum = createHash('sha256').update(text).digest('hex').slice(0, 16);
  expect({ rules: reducerVersion, sum }).toEqual(known);
});
