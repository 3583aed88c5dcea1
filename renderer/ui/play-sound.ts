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
