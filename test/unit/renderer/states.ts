import { noAccount } from '../../../domain/account.ts';
import { defaultSettings } from '../../../domain/settings.ts';
import type { AppState } from '../../../domain/state.ts';

/** A quiet state whose title tells it apart. */
export function stateWith(title: string): AppState {
  return {
    status: {
      phase: 'idle',
      confirmed: true,
      asOf: '',
      title,
      detail: '',
      next: '',
      clock: null,
      key: null,
      actions: [],
      acwRequested: false,
      ends: '',
      pressAgain: '',
      decided: false,
      others: [],
    },
    link: { freshness: 'live', words: 'Live', detail: '', lastContactAt: null, retryAt: null },
    source: { kind: 'simulator', demo: true, agent: null, closing: false },
    account: noAccount,
    prompt: null,
    outbox: { items: [], words: '' },
    database: { health: 'ok', detail: '', quarantined: 0 },
    review: { revision: 0, file: null, task: null },
    notices: [],
    question: null,
    appearance: { theme: 'system', locale: 'en' },
    settings: {
      values: defaultSettings,
      locked: [],
      keyKeeping: null,
      policyProblem: '',
      stopKeyReach: 'everywhere',
      stopKeyProblem: '',
    },
  };
}
