/** Whether somebody can see this page. */
export interface Sight {
  readonly isSeen: () => boolean;
  /** Calls back when that changes; returns its end. */
  readonly follow: (listener: () => void) => () => void;
  /** Main's word for its window: the browser engine takes a minimised one, and one not shown yet, for visible. */
  readonly setShown: (isShown: boolean) => void;
  /** The screen is locked. */
  readonly setLocked: (isLocked: boolean) => void;
}

/** The part of a document it needs. */
type Page = Pick<Document, 'hidden' | 'addEventListener'>;

/** Until main has spoken the window counts as shown. */
export function createSight(page: () => Page): Sight {
  const listeners = new Set<() => void>();
  let isShown = true;
  let isLocked = false;
  let isListening = false;
  let wasSeen = true;

  const isSeen = (): boolean => isShown && !isLocked && !page().hidden;
  function look(): void {
    const now = isSeen();
    if (now === wasSeen) return;
    wasSeen = now;
    for (const listener of listeners) listener();
  }

  return {
    isSeen,
    follow: (listener) => {
      if (!isListening) page().addEventListener('visibilitychange', look);
      isListening = true;
      wasSeen = isSeen();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    setShown: (shown) => {
      isShown = shown;
      look();
    },
    setLocked: (locked) => {
      isLocked = locked;
      look();
    },
  };
}

/** That of this page. */
export const pageSight = createSight(() => document);
