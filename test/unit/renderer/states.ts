import { noAccount } from '../../../domain/account.ts';
import { atWork, nowhere, type AppState } from '../../../domain/state.ts';
import { freshSettings } from '../domain/known.ts';

/** A quiet state whose title tells it apart. */
export function stateWith(title: string): AppState {
  return {
    status: {
      phase: 'idle',
      confirmed: true,
      asOf: '',
      title,
      peerCount: null,
      who: [],
      detail: '',
      about: null,
      next: '',
      clock: null,
      limit: null,
      key: null,
      actions: [],
      acwRequested: false,
      observed: '',
      ends: '',
      pressAgain: '',
      decided: false,
      unseen: false,
      others: [],
    },
    link: { freshness: 'live', words: 'Live', detail: '', lastContactAt: null, retryAt: null },
    source: { kind: 'simulator', demo: true, agent: null, closing: false, undecided: false },
    account: noAccount,
    prompt: null,
    outbox: { items: [], held: [], words: '' },
    database: { health: 'ok', detail: '', quarantined: 0 },
    review: { revision: 0, file: null, archive: false, task: null },
    notices: [],
    question: null,
    appearance: { theme: 'system', language: 'en', locale: 'en' },
    settings: freshSettings,
    destination: nowhere,
    presence: atWork,
    reminder: null,
    archive: null,
    updates: { words: '', problem: '', looks: false, mayLook: false, ready: false },
    gate: false,
  };
}
