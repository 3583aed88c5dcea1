import type { Communication } from '../../domain/communication/communication.ts';
import { isUnidentified } from '../../domain/communication/match.ts';
import { connectionOf } from '../../domain/communication/phase.ts';

/** What an event leaves open, so that the server is asked for the whole. */

/** What only a full reading has and an event lacks (an id, even): worth one GET at each stage. */
export function isThin(communication: Communication): boolean {
  if (isUnidentified(communication)) return true;
  const { startAlertingTime, segments } = communication.screenshare;
  switch (connectionOf(communication)) {
    case 'alerting':
      return (startAlertingTime ?? null) === null;
    case 'over':
      return (
        (segments ?? null) === null ||
        segments?.some((segment) => (segment.endTime ?? null) === null) === true
      );
    case 'connecting':
    case 'connected':
      return false;
  }
}

/** Whether what the agent is told of something live changed: an event that says so may be an old one, come late. */
export function isNews(known: readonly Communication[], changed: readonly Communication[]): boolean {
  return changed
    .filter((now) => connectionOf(now) !== 'over')
    .some((now) => {
      const was = known.find(({ key }) => key === now.key);
      return (
        (was?.screenshare.sharing ?? null) !== (now.screenshare.sharing ?? null) ||
        (was?.screenshare.peerCount ?? null) !== (now.screenshare.peerCount ?? null) ||
        was?.peerSharing !== now.peerSharing
      );
    });
}
