import type { Attachment } from 'svelte/attachments';
import type { Bridge } from '../../domain/ipc/contract.ts';
import { highest, lowest, narrowest, widest } from '../../domain/widget-size.ts';
import { attempt } from '../state/command.ts';

/** Of elements whose words are to stay in one line where the widest window allows it. */
const inOneLine = '[data-one-line]';
/** Set on the page while its window is on the way to the size it asked for: it is not to scroll meanwhile. */
const onTheWay = 'data-fitting';
/** A window that has not become large enough by then, ms, cannot: it scrolls. */
const fittedByMs = 400;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Math.ceil(value)));
}

const measure = document.createElement('canvas').getContext('2d');

/** How wide the card has to be for this one, CSS px: what is around it stays. */
function widthFor(element: HTMLElement, card: HTMLElement): number {
  // Not shown now.
  if (!measure || element.clientWidth === 0) return 0;
  measure.font = getComputedStyle(element).font;
  const words = measure.measureText(element.textContent.trim()).width;
  return card.clientWidth - element.clientWidth + words + 1;
}

/** How high the parts of the card are in a window of this width, CSS px; the card itself fills a larger window. */
function heightIn(width: number, card: HTMLElement): number {
  card.style.width = `${card.clientWidth + width - window.innerWidth}px`;
  const height = Array.from(card.children).reduce(
    (sum, part) => sum + part.getBoundingClientRect().height,
    0,
  );
  card.style.width = '';
  return height;
}

export interface Fitting {
  /** Of the card: what lies in it one below the other stays there. */
  readonly attach: Attachment<HTMLElement>;
  /** What is shown changed; `about` is what the card is in the middle of, `least` how wide it is at least, CSS px. */
  readonly measure: (about: string, least?: number) => void;
}

/**
 * Tells main the size the card needs, whenever that changed. While it is about the same thing it gets no narrower: what
 * a person is pressing would move from under the pointer.
 */
export function fitWindow(fit: Bridge['fitWindow']): Fitting {
  let card: HTMLElement | null = null;
  let reported = '';
  let subject = '';
  let atLeast = narrowest;
  let width = narrowest;
  let height = lowest;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const { documentElement: root } = document;

  function settle(): void {
    clearTimeout(waiting);
    waiting = undefined;
    root.removeAttribute(onTheWay);
  }
  function settleIfFitted(): void {
    if (window.innerHeight >= height - 1) settle();
  }

  function report(): void {
    if (!card) return;
    // A scroll bar takes room: with it words wrap, and it would be there for nothing.
    root.setAttribute(onTheWay, '');
    const found = card.querySelectorAll<HTMLElement>(inOneLine);
    const wanted = Math.max(atLeast, ...Array.from(found, (element) => widthFor(element, card ?? element)));
    width = Math.max(width, clamp(wanted, atLeast, widest));
    height = clamp(heightIn(width, card), lowest, highest);
    const size = `${width}x${height}`;
    if (size !== reported) {
      reported = size;
      clearTimeout(waiting);
      waiting = setTimeout(settle, fittedByMs);
      // A window that could not be fitted scrolls: no error to show.
      void attempt(() => fit({ width, height }));
    }
    if (waiting === undefined) settle();
    else settleIfFitted();
  }

  return {
    attach: (element) => {
      card = element;
      const observer = new ResizeObserver(report);
      for (const part of element.children) observer.observe(part);
      window.addEventListener('resize', settleIfFitted);
      return () => {
        observer.disconnect();
        window.removeEventListener('resize', settleIfFitted);
        settle();
        card = null;
      };
    },
    measure: (about, least = narrowest) => {
      if (about !== subject || least !== atLeast) width = least;
      subject = about;
      atLeast = least;
      report();
    },
  };
}
