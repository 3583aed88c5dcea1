import type { Attachment } from 'svelte/attachments';

/** Below this height of the window, CSS px, a head that stays in sight would leave no room for what it is the head of. */
const roomy = matchMedia('(min-height: 300px)');

/**
 * Of the head of the wrap-up prompt: it stays in sight while the prompt is, and nothing that gets the focus is scrolled
 * behind it. So nobody types into a code field without seeing about whom.
 */
export function headInSight(isHead: boolean): Attachment<HTMLElement> {
  return (element) => {
    if (!isHead) return;
    const { style } = document.documentElement;
    const apply = (): void => {
      element.toggleAttribute('data-in-sight', roomy.matches);
      style.scrollPaddingTop = roomy.matches ? `${Math.ceil(element.offsetHeight)}px` : '';
    };
    const observer = new ResizeObserver(apply);
    observer.observe(element);
    roomy.addEventListener('change', apply);
    return () => {
      observer.disconnect();
      roomy.removeEventListener('change', apply);
      element.removeAttribute('data-in-sight');
      style.scrollPaddingTop = '';
    };
  };
}
