import type { ArchiveErrorCode } from '../../domain/archive/wire.ts';

const statuses: Readonly<Record<ArchiveErrorCode, number>> = {
  'bad-request': 400,
  session: 401,
  token: 401,
  genesys: 502,
  forbidden: 403,
  'not-found': 404,
  'too-large': 413,
  'too-many': 429,
  database: 503,
  schema: 503,
  tls: 403,
  internal: 500,
};

/** What a caller is answered instead. The message is for people and repeats nothing they sent. */
export class Problem extends Error {
  readonly code: ArchiveErrorCode;
  readonly status: number;
  /** Seconds to wait before it may go well. */
  readonly retryAfter: number | null;

  constructor(code: ArchiveErrorCode, message: string, retryAfter: number | null = null) {
    super(message);
    this.code = code;
    this.status = statuses[code];
    this.retryAfter = retryAfter;
  }
}
