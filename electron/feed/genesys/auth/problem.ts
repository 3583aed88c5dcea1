/**
 * - `refused`: the server or the person said no; trying again the same way changes nothing
 * - `unreachable`: no answer worth the name; may work later
 * - `cancelled`: the person, or this program, gave it up
 * - `local`: something on this machine is in the way
 */
export type SignInProblemKind = 'refused' | 'unreachable' | 'cancelled' | 'local';

/** The only error a sign-in ends with. Never carries a code, a verifier, a token or what held one. */
export class SignInProblem extends Error {
  readonly kind: SignInProblemKind;

  constructor(kind: SignInProblemKind, message: string) {
    super(message);
    this.name = 'SignInProblem';
    this.kind = kind;
  }
}
