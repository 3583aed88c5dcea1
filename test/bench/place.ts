/** Where a bench finds the product and may leave things. Absolute paths. */
export interface Place {
  readonly root: string;
  /** For what takes long to make. */
  readonly cache: string;
  /** For this run alone; gone after it. */
  readonly scratch: string;
  /** The built store worker. */
  readonly workerFile: string;
}
