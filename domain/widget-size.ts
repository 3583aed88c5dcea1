/** Between these the width of the widget follows its content, CSS px; beyond them words wrap. */
export const narrowest = 320;
export const widest = 420;
/** The same while it is a pill, see `present/pill.ts`. */
export const pillWidth = 200;

/** How high a page may ask for its window to be, CSS px; higher content scrolls. */
export const lowest = 36;
export const highest = 4000;
