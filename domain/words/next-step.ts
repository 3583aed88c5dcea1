import type { CommunicationPhase, PhaseFacts } from '../communication/phase.ts';
import {
  disconnectTypes,
  isKnown,
  wrapupPolicies,
  type KnownDisconnectType,
  type KnownWrapupPolicy,
} from '../model/values.ts';
import { unreachable } from '../toolbox/result.ts';
import { say, type MessageKey } from './say.ts';

/** What the agent can do about it, in a sentence or two. */

/** After a missed alert, by why it was missed. */
const afterMissed: Readonly<Record<KnownDisconnectType, MessageKey>> = {
  endpoint: 'next.nothing',
  client: 'next.nothing',
  spam: 'next.nothing',
  // Genesys takes an agent who does not answer off the queue.
  system: 'next.backOnQueue',
  timeout: 'next.backOnQueue',
  'transfer.noanswer': 'next.backOnQueue',
  'transfer.notavailable': 'next.checkStatus',
  'endpoint.dnd': 'next.checkStatus',
  'transfer.dnd': 'next.checkStatus',
  transfer: 'next.withSomebodyElse',
  'transfer.conference': 'next.withSomebodyElse',
  'transfer.consult': 'next.withSomebodyElse',
  'transfer.forward': 'next.withSomebodyElse',
  'transport.failure': 'next.checkNetwork',
  error: 'next.checkNetwork',
  peer: 'next.callBack',
  other: 'next.lookForThem',
  uncallable: 'next.checkAddress',
};

/** After one that was answered and has no open wrap-up, by how it ended. */
const afterEnded: Readonly<Record<KnownDisconnectType, MessageKey>> = {
  endpoint: 'next.nothing',
  client: 'next.nothing',
  peer: 'next.nothing',
  spam: 'next.nothing',
  system: 'next.shareAgain',
  timeout: 'next.shareAgain',
  other: 'next.shareAgain',
  transfer: 'next.withSomebodyElse',
  'transfer.conference': 'next.withSomebodyElse',
  'transfer.consult': 'next.withSomebodyElse',
  'transfer.forward': 'next.withSomebodyElse',
  'transfer.noanswer': 'next.withSomebodyElse',
  'transfer.notavailable': 'next.withSomebodyElse',
  'endpoint.dnd': 'next.nothing',
  'transfer.dnd': 'next.withSomebodyElse',
  'transport.failure': 'next.connectAgain',
  error: 'next.connectAgain',
  uncallable: 'next.checkAddress',
};

/** While after-call work is open. Source: the after-call-work settings of a Genesys queue. */
const whileDue: Readonly<Record<KnownWrapupPolicy, MessageKey>> = {
  optional: 'next.wrapUpOrSkip',
  mandatory: 'next.wrapUp',
  agentRequested: 'next.wrapUp',
  timeout: 'next.wrapUpInTime',
  forcedTimeout: 'next.wrapUpAndWait',
};

export function nextStep({ screenshare, policy, gone }: PhaseFacts, phase: CommunicationPhase): string {
  const type = screenshare.disconnectType ?? null;
  switch (phase) {
    case 'alerting':
      return say('next.answer');
    case 'connecting':
      return say('next.wait');
    case 'viewing':
      return say('next.help');
    case 'sharing':
      return say(
        (screenshare.state ?? 'connected') === 'connected' ? 'next.stopSharing' : 'next.stopUnmeant',
      );
    case 'wrapUp':
      return say(isKnown(wrapupPolicies, policy) ? whileDue[policy] : 'next.wrapUp');
    case 'missed': {
      const step = say(isKnown(disconnectTypes, type) ? afterMissed[type] : 'next.lookForThem');
      const isDue = screenshare.afterCallWork?.state === 'pending' && !gone;
      if (!isDue) return step;
      const elsewhere = say('next.wrapUpElsewhere');
      return step === say('next.nothing') ? elsewhere : `${step} ${elsewhere}`;
    }
    case 'wrappedUp':
    case 'idle':
      return say(isKnown(disconnectTypes, type) ? afterEnded[type] : 'next.shareAgain');
    default:
      return unreachable(phase);
  }
}
