import type { Attachment } from 'svelte/attachments';
import type { Bridge } from '../../domain/ipc/contract.ts';
import { attempt } from '../state/command.ts';

/** Main accepts these heights (CSS px); higher content scrolls. */
const LOWEST = 40;
const HIGHEST = 4000;

/** Tells main the height the element needs, whenever that changed. */
export function fitWindow(fit: Bridge['fitWindow']): Attachment<HTMLElement> {
  return (element) => {
    let reported = 0;
    const observer = new ResizeObserver(() => {
      const height = Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(element.getBoundingClientRect().height)));
      if (height === reported) return;
      reported = height;
      // A window that could not be fitted scrolls: no error to show.
      void attempt(() => fit({ height }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
