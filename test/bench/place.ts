/** Where a bench finds the product and may leave things. Absolute paths. */
export interface Place {
  readonly root: string;
  /** A copy of the built product: a build meanwhile must not change what is measured. */
  readonly product: string;
  /** For what takes long to make. */
  readonly cache: string;
  /** For what takes minutes to make, and depends on less. */
  readonly volumes: string;
  /** For this run alone; gone after it. */
  readonly scratch: string;
}
