import { screenshareFields, type Participant, type Screenshare, type Video } from '../model/screenshare.ts';

/** The legs of a participant that are screen sharing, in whichever of the two lists the wire has them. */

export interface Leg {
  readonly media: 'screenshare' | 'video';
  readonly screenshare: Screenshare;
}

/** Today's screen sharing arrives as a video leg; it becomes the one record, nothing of it lost. */
function fromVideo(video: Video): Screenshare {
  const { sharingScreen, ...rest } = video;
  const sharing = sharingScreen ?? rest.sharing;
  // Never undefined: the database could not keep that, and what is folded onto it later would differ.
  return sharing === undefined ? rest : { ...rest, sharing };
}

export function legsOf(
  participant: Participant,
  isFollowed: (leg: Screenshare) => boolean = () => false,
): Leg[] {
  const own = (participant.screenshares ?? [])
    // Real lists hold entries that say nothing at all.
    .filter((screenshare) => screenshareFields.some((name) => (screenshare[name] ?? null) !== null))
    .map((screenshare): Leg => ({ media: 'screenshare', screenshare }));
  // A video leg counts once it speaks of screen sharing at all (most video calls never do), to its end.
  const videos = (participant.videos ?? [])
    .filter((video) => typeof video.sharingScreen === 'boolean' || isFollowed(video))
    .map((video): Leg => ({ media: 'video', screenshare: fromVideo(video) }));
  return [...own, ...videos];
}
