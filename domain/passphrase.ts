import { say } from './words/say.ts';

/** A stolen file can be tried without an end; what is this short is found however dear each try is. */
const fewestCharacters = 8;
const fewestDifferent = 4;

/** Why these words may not become a passphrase, in words; empty when they may. Earlier ones still open what they did. */
export function newPassphraseProblem(passphrase: string): string {
  const characters = Array.from(passphrase.normalize('NFKC').trim());
  if (characters.length === 0) return say('key.empty');
  if (characters.length < fewestCharacters) return say('key.tooShort', { least: fewestCharacters });
  return new Set(characters).size < fewestDifferent ? say('key.tooEasy') : '';
}
