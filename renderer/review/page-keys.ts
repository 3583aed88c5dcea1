import { hasCommandKey } from '../ui/keyboard.ts';

export type ReviewKey = 'search' | 'panes' | 'back' | 'previous' | 'next';

/** Where the keys that go from record to record mean that. */
interface Stepping {
  /** A record is shown, not the charts. */
  readonly shown: boolean;
  /** The focus is in it. */
  readonly within: boolean;
}

/** What a key means anywhere in the window; null when it belongs to where it was pressed. */
export function keyOf(event: KeyboardEvent, { shown, within }: Stepping): ReviewKey | null {
  if (event.isComposing) return null;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const { key } = event;
  if (hasCommandKey(event) && !event.altKey && key.toLowerCase() === 'f') return 'search';
  if (event.altKey && !event.ctrlKey && !event.metaKey)
    return shown ? stepOf(key, 'ArrowUp', 'ArrowDown') : null;
  if (!plain) return null;
  if (key === 'F6') return 'panes';
  if (isTyping(event.target)) return null;
  if (key === '/') return 'search';
  if (key === 'Escape') return 'back';
  return shown && within && !hasArrows(event.target) ? stepOf(key, 'ArrowLeft', 'ArrowRight') : null;
}

function stepOf(key: string, previous: string, next: string): ReviewKey | null {
  if (key === previous) return 'previous';
  return key === next ? 'next' : null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input:not([type=radio]), textarea, select') !== null;
}

/** The arrows are its own there: a choice, a picture that is moved about, or words that scroll. */
function hasArrows(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, [role=slider], [data-arrows]') !== null;
}
