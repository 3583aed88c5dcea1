/** The error document of the public API. */
interface ErrorBody {
  message: string;
  code: string;
  status: number;
  messageParams: Record<string, string>;
  contextId: string;
  details: { errorCode: string; fieldName: string }[];
  errors: ErrorBody[];
}

interface Extras {
  messageParams?: Record<string, string>;
  details?: ErrorBody['details'];
  headers?: Record<string, string>;
}

/** A refusal as the public API words it. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  readonly code: string;
  readonly extras: Extras;

  constructor(status: number, code: string, message: string, extras: Extras = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extras = extras;
  }
}

export function errorBody({ message, code, status, extras }: WireError, contextId: string): ErrorBody {
  const { messageParams = {}, details = [] } = extras;
  return { message, code, status, messageParams, contextId, details, errors: [] };
}

export const notFound = (what: string, id: string): WireError =>
  new WireError(404, 'not.found', `${what} not found: ${id}`, { messageParams: { id } });

/** What the real service answers to a wrong or late PATCH. */
export const conversationForbidden = (id: string): WireError =>
  new WireError(403, 'not.authorized', `Access to Conversation ${id} is forbidden.`, {
    messageParams: { id, type: 'Conversation' },
  });

export const badRequest = (message: string, details: ErrorBody['details'] = []): WireError =>
  new WireError(400, 'bad.request', message, { details });

/** What the real service answers to somebody whose role does not allow it; of several, any one would do. */
export const missingPermissions = (permissions: readonly string[]): WireError =>
  new WireError(
    403,
    permissions.length > 1 ? 'missing.any.permissions' : 'missing.permissions',
    `Unable to perform the requested action. You are missing the following permission(s): ${permissions.join(', ')}`,
    { messageParams: { permissions: permissions.join(', ') } },
  );

const MEANING: Record<number, [code: string, message: string]> = {
  401: ['bad.credentials', 'Invalid login credentials.'],
  403: ['not.authorized', 'You are not authorized to perform the requested action.'],
  404: ['not.found', 'The requested resource was not found.'],
  429: ['too.many.requests', 'Rate limit exceeded the maximum [300] requests within [60] seconds'],
  500: ['internal.server.error', 'The server encountered an unexpected condition.'],
  503: ['service.unavailable', 'Service Unavailable - The server is currently unavailable.'],
  504: ['request.timeout', 'The request timed out.'],
};

/** The usual document for a status, for faults made on demand. */
export function errorForStatus(status: number, headers: Record<string, string> = {}): WireError {
  const [code, message] = MEANING[status] ?? ['internal.server.error', `Failed with status ${status}.`];
  return new WireError(status, code, message, { headers });
}
