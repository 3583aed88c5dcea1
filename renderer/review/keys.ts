import { hasCommandKey } from '../ui/platform.ts';

export type ReviewKey = 'search' | 'panes' | 'back' | 'previous' | 'next';

/** What a key means anywhere in the window; null when it belongs to where it was pressed. */
export function keyOf(event: KeyboardEvent, inRecord: boolean): ReviewKey | null {
  if (event.isComposing) return null;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const { key } = event;
  if (hasCommandKey(event) && !event.altKey && key.toLowerCase() === 'f') return 'search';
  if (event.altKey && !event.ctrlKey && !event.metaKey) return stepOf(key, 'ArrowUp', 'ArrowDown');
  if (!plain) return null;
  if (key === 'F6') return 'panes';
  if (isTyping(event.target)) return null;
  if (key === '/') return 'search';
  if (key === 'Escape') return 'back';
  return inRecord && !hasArrows(event.target) ? stepOf(key, 'ArrowLeft', 'ArrowRight') : null;
}

function stepOf(key: string, previous: string, next: string): ReviewKey | null {
  if (key === previous) return 'previous';
  return key === next ? 'next' : null;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input:not([type=radio]), textarea, select') !== null;
}

/** The arrows are its own there: a choice, or a picture that is moved about. */
function hasArrows(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, [role=slider], [data-arrows]') !== null;
}
