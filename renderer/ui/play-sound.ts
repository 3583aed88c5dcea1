import bell from '../../assets/sounds/bell.wav';
import chime from '../../assets/sounds/chime.wav';
import pulse from '../../assets/sounds/pulse.wav';
import type { AlertSound } from '../../domain/settings.ts';

/** Between the end of a sound and its next beginning, ms: time to speak. */
const pauseMs = 1_500;

const files: Record<AlertSound, string> = { chime, bell, pulse };

/** A sound that is ready to be played. `volume` 0 to 100. */
export function loadSound(sound: AlertSound, volume: number): HTMLAudioElement {
  const audio = new Audio(files[sound]);
  audio.volume = volume / 100;
  return audio;
}

/**
 * Plays once from the beginning; resolves as it begins. `volume` 0 to 100.
 * @throws when this machine plays no sound
 */
export async function playSound(sound: AlertSound, volume: number): Promise<void> {
  const audio = loadSound(sound, volume);
  audio.addEventListener('ended', () => {
    releaseSound(audio);
  });
  await audio.play();
}

/** Ends the sound, and gives back what the engine holds to play it. */
export function releaseSound(audio: HTMLAudioElement): void {
  audio.pause();
  audio.removeAttribute('src');
  audio.load();
}

/**
 * Plays at once and, where it repeats, again and again until the returned function is called. A machine that plays no
 * sound is left alone: what it is about is in sight.
 */
export function startRinging(sound: AlertSound, volume: number, repeats: boolean): () => void {
  const audio = loadSound(sound, volume);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const play = (): void => void audio.play().catch(() => undefined);
  audio.addEventListener('ended', () => {
    if (repeats) timer = setTimeout(play, pauseMs);
    else releaseSound(audio);
  });
  play();
  return () => {
    clearTimeout(timer);
    // What sounds once is heard to its end.
    if (repeats) releaseSound(audio);
  };
}
