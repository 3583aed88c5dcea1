import type { ShortcutId } from '../../domain/shortcuts.ts';
import { isFor } from '../ui/keyboard.ts';

export type ReviewKey = 'search' | 'panes' | 'back' | 'previous' | 'next';

/** Where the keys that go from record to record mean that. */
interface Stepping {
  /** A record is shown, not the charts. */
  readonly shown: boolean;
  /** The focus is in it. */
  readonly within: boolean;
}

const meanings: readonly (readonly [ShortcutId, ReviewKey])[] = [
  ['search', 'search'],
  ['searchAlso', 'search'],
  ['panes', 'panes'],
  ['back', 'back'],
  ['previous', 'previous'],
  ['next', 'next'],
];

/** What a key means anywhere in the window; null when it belongs to where it was pressed. */
export function keyOf(event: KeyboardEvent, { shown, within }: Stepping): ReviewKey | null {
  const meant = meanings.find(([id]) => isFor(id, event))?.[1] ?? null;
  const isStep = meant === 'previous' || meant === 'next';
  if (meant !== null) return isStep && !shown ? null : meant;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  return plain && shown && within && !hasArrows(event.target) ? stepOf(event.key) : null;
}

function stepOf(key: string): ReviewKey | null {
  if (key === 'ArrowLeft') return 'previous';
  return key === 'ArrowRight' ? 'next' : null;
}

/** The arrows are its own there: a choice, a picture that is moved about, or words that scroll. */
function hasArrows(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, select, textarea, [role=slider], [data-arrows]') !== null
  );
}
