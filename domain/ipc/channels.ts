/**
 * The names on the wire between windows and main, and which window may use which. Kept apart from the
 * schemas so that a preload stays a few lines.
 */
export const windowRoles = ['widget', 'settings', 'review'] as const;
export type WindowRole = (typeof windowRoles)[number];

/** Calls a window may make; anything else is refused before it is looked at. */
export const callsOf = {
  widget: [
    'getSnapshot',
    'saveDraft',
    'draftsSaved',
    'submitWrapUp',
    'skipWrapUp',
    'postponeWrapUp',
    'openWrapUp',
    'sendMine',
    'keepTheirs',
    'setFavourite',
    'answer',
    'decline',
    'stopSharing',
    'requestAfterCallWork',
    'retryNow',
    'dismissNotice',
    'dismissMissed',
    'answerKeyQuestion',
    'signIn',
    'cancelSignIn',
    'setTheme',
    'fitWindow',
    'hideWindow',
    'openSettings',
    'openReview',
  ],
  settings: [
    'getSnapshot',
    'changeSettings',
    'describeProgram',
    'describeDatabase',
    'changeKeyKeeping',
    'testNotification',
    'verifyNow',
    'exportRecords',
    'stopTask',
    'planDeletion',
    'planKeeping',
    'deleteRecords',
    'nextExpiry',
    'saveDiagnostics',
    'openLogFolder',
    'signIn',
    'cancelSignIn',
    'signOut',
  ],
  review: [
    'getSnapshot',
    'findRecords',
    'countRecords',
    'readRecord',
    'readFacts',
    'readFigures',
    'exportRecords',
    'stopTask',
    'openFile',
    'closeFile',
    'saveChart',
    'planDeletion',
    'deleteRecords',
    'openSettings',
  ],
} as const satisfies Record<WindowRole, readonly string[]>;

export type CallName = (typeof callsOf)[WindowRole][number];
/** Every call some window may make, once. */
export const callNames: readonly CallName[] = [...new Set(windowRoles.flatMap((role) => callsOf[role]))];

export function mayCall(role: WindowRole, name: CallName): boolean {
  const calls: readonly CallName[] = callsOf[role];
  return calls.includes(name);
}

/** The channel of a call, and the one channel on which main speaks. */
export const channelOf = (name: CallName): string => `call:${name}`;
export const patchChannel = 'state:patch';
