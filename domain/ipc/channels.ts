/**
 * The names on the wire between windows and main, and which window may use which. Kept apart from the
 * schemas so that a preload stays a few lines.
 */
export const windowRoles = ['widget'] as const;
export type WindowRole = (typeof windowRoles)[number];

export const callNames = [
  'getSnapshot',
  'saveDraft',
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
  'answerKeyQuestion',
  'signIn',
  'cancelSignIn',
  'signOut',
  'setTheme',
  'fitWindow',
  'hideWindow',
] as const;
export type CallName = (typeof callNames)[number];

/** Calls a window may make; anything else is refused before it is looked at. */
export const callsOf: Record<WindowRole, readonly CallName[]> = {
  widget: callNames,
};

/** The channel of a call, and the one channel on which main speaks. */
export const channelOf = (name: CallName): string => `call:${name}`;
export const patchChannel = 'state:patch';
