import type { ArchiveErrorCode } from '../../domain/archive/wire.ts';

/**
 * What went wrong between desk and archive:
 * - `unreachable`: nothing answered
 * - `foreign`: something else answered, such as the sign-in page of a network
 * - `version`: an archive answered that this version does not understand
 * - the rest: what the archive itself said
 */
export type ArchiveProblemKind = 'unreachable' | 'foreign' | 'version' | ArchiveErrorCode;

/** The only error a request to the archive ends with. Its `message` is one clear sentence for the agent. */
export class ArchiveProblem extends Error {
  override readonly name = 'ArchiveProblem';
  readonly kind: ArchiveProblemKind;
  /** How long the archive asked to be left alone, ms. */
  readonly retryAfterMs: number | null;

  constructor(kind: ArchiveProblemKind, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
