/**
 * - `refused`: the server or the person said no; trying again the same way changes nothing
 * - `unreachable`: no usable answer; may work later
 * - `cancelled`: by the person or by this program
 * - `local`: something on this machine is in the way
 */
type SignInProblemKind = 'refused' | 'unreachable' | 'cancelled' | 'local';

/**
 * The only error a sign-in ends with. Never carries a code, a verifier, a token or what held one. Its `message` is for
 * the log and has nothing the server wrote; its `reason` is for people.
 */
export class SignInProblem extends Error {
  override readonly name = 'SignInProblem';
  readonly kind: SignInProblemKind;
  readonly reason: string;

  constructor(kind: SignInProblemKind, reason: string, logged = reason) {
    super(logged);
    this.kind = kind;
    this.reason = reason;
  }
}
