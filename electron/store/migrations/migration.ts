/** One step of the schema. A published one is never changed; a later one corrects it. */
export interface Migration {
  /** Steps of ten, so that a fix can be put between two of them. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
