import type { AppState } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';

/** Prints each state as a line, for whoever has no screen to look at. Returns its stop. */
export function narrate(
  source: { getState(): AppState; subscribe(listener: () => void): () => void },
  print: (line: string) => void,
): () => void {
  let last = '';
  const look = (): void => {
    const { status, link, source: feed } = source.getState();
    const parts = [status.title, status.detail, status.next, link.words, feed.demo ? say('tray.demo') : ''];
    const line = parts.filter((part) => part !== '').join(' · ');
    if (line === last) return;
    last = line;
    print(`state: ${line}`);
  };
  look();
  return source.subscribe(look);
}
