import type { Communication } from '../communication/communication.ts';
import { endsWith, media, type Medium } from '../communication/other-legs.ts';
import type { OtherStatus, StatusAction } from '../state.ts';
import { isKnown } from '../model/values.ts';
import { listed, say, type MessageKey } from './say.ts';

/** What an action is called, with all that it ends: a hang-up ends every leg of its participant. */

const legWords: Readonly<Record<Medium, MessageKey>> = {
  calls: 'leg.call',
  callbacks: 'leg.callback',
  chats: 'leg.chat',
  messages: 'leg.message',
  internalMessages: 'leg.internalMessage',
  emails: 'leg.email',
  socialExpressions: 'leg.social',
  cobrowsesessions: 'leg.cobrowse',
  screenMonitorings: 'leg.screenMonitoring',
  videos: 'leg.video',
  screenshares: 'leg.screenshare',
};

/** `the call and the chat`: what ends with this share when the agent hangs up; empty when nothing else does. */
export function endsWords(communication: Communication): string {
  const ending = endsWith(communication);
  const parts = media
    .map((list) => ({ list, count: ending.filter((each) => each === list).length }))
    .filter(({ count }) => count > 0)
    .map(({ list, count }) => say(legWords[list], { count }));
  const others = ending.filter((each) => !isKnown(media, each)).length;
  return listed(others > 0 ? [...parts, say('leg.other', { count: others })] : parts);
}

/** Its name on a button or in a menu: `Stop sharing and end the call`. */
export function actionName(action: StatusAction, { ends }: Pick<OtherStatus, 'ends'>): string {
  if (action === 'dismiss') return say('ui.dismiss');
  return isEnding(action) && ends !== '' ? say(`action.${action}.ends`, { ends }) : say(`action.${action}`);
}

/** Done by hanging up. */
export type EndingAction = Extract<StatusAction, 'decline' | 'stopSharing'>;
export function isEnding(action: StatusAction): action is EndingAction {
  return action === 'decline' || action === 'stopSharing';
}

/** After the first of two presses of a key, or in the tray: what the second one will do. */
export function pressAgainWords(action: EndingAction, ends: string): string {
  return say(`action.${action}.again`, { ends });
}
