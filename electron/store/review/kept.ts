/** A few values by name; of more the one that was not asked for the longest is let go. */
export class Kept<T> {
  readonly #most: number;
  readonly #values = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#values.size;
  }

  get(name: string, make: () => T): T {
    const value = this.#values.get(name) ?? make();
    // The last one used is the last to go.
    this.#values.delete(name);
    this.#values.set(name, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#most && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }

  peek(name: string): T | undefined {
    return this.#values.get(name);
  }

  /** All of them made anew, or put right. */
  replace(make: (value: T) => T): void {
    for (const [name, value] of this.#values) this.#values.set(name, make(value));
  }

  clear(): void {
    this.#values.clear();
  }
}
