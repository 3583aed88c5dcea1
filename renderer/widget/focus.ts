/** Somebody has written into the field they are in: taking them elsewhere would send the rest there. */
export function isWriting(): boolean {
  const { activeElement: field } = document;
  return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== '';
}

/** Where nothing has the focus yet, this may have it. */
export function focusIfFree(element: HTMLElement | null | undefined): void {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) element?.focus();
}
