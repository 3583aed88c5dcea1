/** A server that sends something new with every fact must not fill the log. */
const kindsAtMost = 50;

/**
 * Fields that were left out of facts because they could not be read, told once for each kind: a server that
 * sends one always sends it. `participants.3.wrapup.notes` and `participants.0.wrapup.notes` are one kind.
 */
export function createOddities(log: (line: string) => void): (problems: readonly string[]) => void {
  const told = new Set<string>();
  return (problems) => {
    for (const problem of problems) {
      const kind = problem.replaceAll(/(?<=^|\.)\d+(?=[.:])/g, '#');
      if (told.has(kind) || told.size === kindsAtMost) continue;
      told.add(kind);
      log(`tracker: a field of a fact could not be read and was left out: ${kind}`);
    }
  };
}
