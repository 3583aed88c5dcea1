import { isObject } from './values.ts';

/**
 * The dialect of the topics of one medium, `v2.users.{id}.conversations.screenshares` and `….videos`: the
 * communication is laid flat onto its participant, without an id. Here it is put back into `screenshares` or
 * `videos`, so that the rest of the domain knows one shape. Its id stays unknown.
 * Source: `ConversationScreenShareEventTopicScreenShareMediaParticipant`, `ConversationVideoEventTopicVideoMediaParticipant`.
 */

/** What the communication says about itself, and where the nested dialects keep it. */
const communicationFields: ReadonlyMap<string, string> = new Map([
  ['state', 'state'],
  ['initialState', 'initialState'],
  ['direction', 'direction'],
  ['disconnectType', 'disconnectType'],
  ['disconnectReasons', 'disconnectReasons'],
  ['held', 'held'],
  ['context', 'context'],
  ['peerCount', 'peerCount'],
  ['sharing', 'sharing'],
  ['sharingScreen', 'sharingScreen'],
  ['audioMuted', 'audioMuted'],
  ['videoMuted', 'videoMuted'],
  ['msids', 'msids'],
  ['provider', 'provider'],
  ['peer', 'peerId'],
  ['queueMediaSettings', 'queueMediaSettings'],
]);

/** What only a video has. */
const videoFields = ['sharingScreen', 'audioMuted', 'videoMuted', 'msids'];

/** A nested participant has its media in lists, and speaks of `userId`; a phone call says nothing of sharing. */
function isFlattened(participant: Readonly<Record<string, unknown>>): boolean {
  if ((participant['screenshares'] ?? participant['videos'] ?? null) !== null) return false;
  const { sharing, sharingScreen, peerCount, state, user, userId } = participant;
  return (
    (sharing ?? sharingScreen ?? peerCount ?? null) !== null ||
    ((state ?? null) !== null && isObject(user) && !userId)
  );
}

/** `{id, name}` as the nested dialects spell it. */
function reference(value: unknown, idName: string, nameName: string): Record<string, unknown> {
  if (!isObject(value)) return {};
  return {
    ...('id' in value ? { [idName]: value['id'] } : {}),
    ...('name' in value ? { [nameName]: value['name'] } : {}),
  };
}

function nestedParticipant(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const participant: Record<string, unknown> = {};
  const leg: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const nested = communicationFields.get(name);
    if (nested === undefined) participant[name] = value;
    else leg[nested] = value;
  }
  const { userId } = reference(flat['user'], 'userId', 'userName');
  return {
    ...(userId === undefined ? {} : { userId }),
    ...reference(flat['queue'], 'queueId', 'queueName'),
    ...participant,
    [videoFields.some((name) => name in flat) ? 'videos' : 'screenshares']: [leg],
  };
}

/** A conversation whose flattened participants are nested; anything else as it was. Loses no field. */
export function nestFlattened(
  conversation: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { participants } = conversation;
  const isFlat = (participant: unknown): participant is Record<string, unknown> =>
    isObject(participant) && isFlattened(participant);
  if (!Array.isArray(participants) || !participants.some(isFlat)) return conversation;
  const nested = participants.map((participant: unknown) =>
    isFlat(participant) ? nestedParticipant(participant) : participant,
  );
  return { ...conversation, participants: nested };
}
