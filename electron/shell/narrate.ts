import type { AppState } from '../../domain/state.ts';

/** Prints each state as a line, for whoever has no screen to look at. Returns its stop. */
export function narrate(
  source: { getState(): AppState; subscribe(listener: () => void): () => void },
  print: (line: string) => void,
): () => void {
  let last = '';
  const look = (): void => {
    const { status, link, source: feed, prompt } = source.getState();
    const parts = [
      status.title,
      status.detail,
      prompt ? prompt.subject : '',
      link.words,
      feed.demo ? 'Demo' : '',
    ];
    const line = parts.filter((part) => part !== '').join(' · ');
    if (line === last) return;
    last = line;
    print(`state: ${line}`);
  };
  look();
  return source.subscribe(look);
}
