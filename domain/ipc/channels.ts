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
    'undoWrapUp',
    'postponeWrapUp',
    'openWrapUp',
    'sendMine',
    'keepTheirs',
    'lastNotes',
    'correctWrapUp',
    'chooseNextStatus',
    'setFavourite',
    'answer',
    'decline',
    'stopSharing',
    'keepSharing',
    'acceptGate',
    'requestAfterCallWork',
    'retryNow',
    'dismissNotice',
    'dismissMissed',
    'answerKeyQuestion',
    'signIn',
    'cancelSignIn',
    'setTheme',
    'stepTextSize',
    'fitWindow',
    'hideWindow',
    'lookAround',
    'setStartAtLogin',
    'openSettings',
    'openReview',
  ],
  settings: [
    'getSnapshot',
    'changeSettings',
    'stepTextSize',
    'openReview',
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
    'showArchiveLine',
    'readArchiveIssues',
    'offerRefused',
    'saveDiagnostics',
    'readLog',
    'testCapture',
    'openLogFolder',
    'lookForUpdates',
    'restartToUpdate',
    'signIn',
    'cancelSignIn',
    'signOut',
  ],
  review: [
    'getSnapshot',
    'findRecords',
    'readSearchNames',
    'keepSearch',
    'countRecords',
    'readRecord',
    'correctWrapUp',
    'readFacts',
    'readFigures',
    'exportRecords',
    'makeDocument',
    'stopTask',
    'openFile',
    'closeFile',
    'chooseSource',
    'readLooks',
    'readAgentFigures',
    'saveChart',
    'planDeletion',
    'deleteRecords',
    'stepTextSize',
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

/**
 * The channel of a call, and those on which main speaks: the state as a page begins to load, its changes, and whether
 * the page's window is shown.
 */
export const channelOf = (name: CallName): string => `call:${name}`;
export const snapshotChannel = 'state:snapshot';
export const patchChannel = 'state:patch';
export const shownChannel = 'window:shown';
