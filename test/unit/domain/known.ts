import { noAccount } from '../../../domain/account.ts';
import type { Submission, Draft } from '../../../domain/submissions.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import type { KnownState } from '../../../domain/present/known-state.ts';
import { present } from '../../../domain/present/present.ts';
import { defaultSettings } from '../../../domain/settings.ts';
import { atWork, nowhere, type AppState, type SettingsState } from '../../../domain/state.ts';
import { noUpdates } from '../../../domain/updates.ts';
import { agentId, at, ms } from './wire.ts';

/** As nobody has changed them, and no organisation has. */
export const freshSettings: SettingsState = {
  values: defaultSettings,
  locked: [],
  keyKeeping: null,
  snippets: [],
  archiveWords: '',
  updatesUrl: '',
  defaultCodes: {},
  shareGate: false,
  policyProblem: '',
  stopKeyReach: 'everywhere',
  stopKeyProblem: '',
  keyProblems: {},
};

/** A program that is live and knows these communications; everything else as it is at the start. */
export function model(
  communications: readonly Communication[] = [],
  change: Partial<KnownState> = {},
): KnownState {
  return {
    source: { kind: 'genesys', demo: false },
    person: { id: agentId, name: 'An Agent' },
    closing: false,
    link: { kind: 'live' },
    everLive: true,
    lastContactAt: ms(0),
    cloud: null,
    wallOffsetMs: 0,
    communications: Object.fromEntries(communications.map((one) => [one.key, one])),
    unmentioned: [],
    unconfirmedConversations: {},
    listingProblem: null,
    drafts: {},
    submissions: [],
    held: {},
    codes: {},
    codeNames: {},
    uses: [],
    picks: [],
    statusChoices: [],
    nextStatus: null,
    postponed: [],
    correcting: null,
    opened: null,
    openedOnAir: null,
    firstPress: null,
    missedSeen: {},
    reminder: null,
    archive: null,
    updates: noUpdates,
    startedAt: ms(0),
    database: { health: 'ok', detail: '', quarantined: 0 },
    review: { revision: 0, file: null, archive: false, task: null },
    notices: [],
    question: null,
    appearance: { theme: 'system', language: 'en', locale: 'en' },
    account: noAccount,
    settings: freshSettings,
    destination: nowhere,
    presence: atWork,
    gateAccepted: {},
    ...change,
  };
}

/** The reading of a model `seconds` into the day. */
export function reading(known: KnownState, seconds: number): AppState {
  return present(known, ms(seconds)).state;
}

export function submission(about: Communication, change: Partial<Submission> = {}): Submission {
  return {
    id: 'submission-1',
    order: 1,
    key: about.key,
    conversationId: about.conversationId,
    participantId: about.participantId,
    communicationId: about.communicationId,
    kind: 'wrapUp',
    code: 'code-1',
    name: 'Resolved',
    notes: 'a note',
    state: 'waiting',
    attempts: 0,
    mayHaveArrived: false,
    createdAt: at(20),
    updatedAt: at(20),
    problem: null,
    theirs: null,
    ...change,
  };
}

export function draft(about: Communication, change: Partial<Draft> = {}): Draft {
  return {
    key: about.key,
    code: 'code-1',
    name: 'Resolved',
    notes: 'a note',
    revision: 3,
    updatedAt: at(18),
    ...change,
  };
}
