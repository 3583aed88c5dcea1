/** True once the condition has held for `ms`; false as soon as it ends. Called while a component is initialised. */
export function heldFor(condition: () => boolean, ms: number): { readonly current: boolean } {
  let held = $state(false);
  $effect(() => {
    if (!condition()) return;
    const timer = setTimeout(() => (held = true), ms);
    return () => {
      clearTimeout(timer);
      held = false;
    };
  });
  return {
    get current() {
      return held;
    },
  };
}
