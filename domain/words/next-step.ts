import type { CommunicationPhase, PhaseFacts } from '../communication/phase.ts';
import { disconnectTypes, isKnown, wrapupPolicies } from '../model/values.ts';
import { say } from './say.ts';
import { unreachable } from '../toolbox/result.ts';

/** What the agent does about it, one sentence or two. */

/** After a missed alert, by why it was missed. */
function afterMissed(type: string | null): string {
  if (!isKnown(disconnectTypes, type)) return say('next.lookForThem');
  switch (type) {
    case 'endpoint':
    case 'client':
    case 'spam':
      return say('next.nothing');
    // Genesys takes an agent who does not answer off the queue.
    case 'system':
    case 'timeout':
    case 'transfer.noanswer':
      return say('next.backOnQueue');
    case 'transfer.notavailable':
      return say('next.checkStatus');
    case 'transfer':
    case 'transfer.conference':
    case 'transfer.consult':
    case 'transfer.forward':
      return say('next.withSomebodyElse');
    case 'transport.failure':
    case 'error':
      return say('next.checkNetwork');
    case 'peer':
      return say('next.callBack');
    case 'other':
      return say('next.lookForThem');
    case 'uncallable':
      return say('next.checkAddress');
    default:
      return unreachable(type);
  }
}

/** After one that was answered, when no wrap-up is open, by how it ended. */
function afterEnded(type: string | null): string {
  if (!isKnown(disconnectTypes, type)) return say('next.shareAgain');
  switch (type) {
    case 'endpoint':
    case 'client':
    case 'peer':
    case 'spam':
      return say('next.nothing');
    case 'system':
    case 'timeout':
    case 'other':
      return say('next.shareAgain');
    case 'transfer':
    case 'transfer.conference':
    case 'transfer.consult':
    case 'transfer.forward':
    case 'transfer.noanswer':
    case 'transfer.notavailable':
      return say('next.withSomebodyElse');
    case 'transport.failure':
    case 'error':
      return say('next.connectAgain');
    case 'uncallable':
      return say('next.checkAddress');
    default:
      return unreachable(type);
  }
}

/** While after-call work is open. Source: the after-call-work settings of a Genesys queue. */
function wrapUpStep(policy: string | undefined): string {
  if (!isKnown(wrapupPolicies, policy)) return say('next.wrapUp');
  switch (policy) {
    case 'optional':
      return say('next.wrapUpOrSkip');
    case 'mandatory':
    case 'agentRequested':
      return say('next.wrapUp');
    case 'timeout':
      return say('next.wrapUpInTime');
    case 'forcedTimeout':
      return say('next.wrapUpAndWait');
    default:
      return unreachable(policy);
  }
}

export function nextStep(facts: PhaseFacts, phase: CommunicationPhase): string {
  const { screenshare, policy } = facts;
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
      return wrapUpStep(policy);
    case 'missed': {
      const open = screenshare.afterCallWork?.state === 'pending' && !facts.gone;
      return [afterMissed(type), ...(open ? [say('next.wrapUpElsewhere')] : [])].join(' ');
    }
    case 'wrappedUp':
    case 'idle':
      return afterEnded(type);
    default:
      return unreachable(phase);
  }
}
