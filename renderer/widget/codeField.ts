/** What the prompt needs of its code field (CodeBox.svelte exports it). */
export interface CodeField {
  readonly focus: () => void;
  /** What was typed but stands for no code yet; empty when there is no such thing. */
  readonly unpicked: () => string;
}
