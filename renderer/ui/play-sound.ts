import bell from '../../assets/sounds/bell.wav';
import chime from '../../assets/sounds/chime.wav';
import pulse from '../../assets/sounds/pulse.wav';
import type { AlertSound } from '../../domain/settings.ts';

const files: Record<AlertSound, string> = { chime, bell, pulse };

/**
 * Plays once from the beginning; resolves as it begins. `volume` 0 to 100.
 * @throws when this machine plays no sound
 */
export async function playSound(sound: AlertSound, volume: number): Promise<void> {
  const audio = new Audio(files[sound]);
  audio.volume = volume / 100;
  await audio.play();
}

/** Between the end of a sound and its next beginning, ms: time to speak. */
const pauseMs = 1_500;

/**
 * Plays at once and, where it repeats, again and again until the returned function is called. A machine that plays no
 * sound is left alone: what it is about is in sight.
 */
export function startRinging(sound: AlertSound, volume: number, repeats: boolean): () => void {
  const audio = new Audio(files[sound]);
  audio.volume = volume / 100;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const play = (): void => void audio.play().catch(() => undefined);
  if (repeats) {
    audio.addEventListener('ended', () => {
      timer = setTimeout(play, pauseMs);
    });
  }
  play();
  return () => {
    clearTimeout(timer);
    if (!repeats) return;
    audio.pause();
  };
}
