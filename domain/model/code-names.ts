/** The names of wrap-up codes: the server often says only the id, and only the lists of codes have the name. */
export interface CodeNames {
  readonly nameOf: (id: string) => string | undefined;
  /** Of the one code that has this name; undefined where none has, or several. */
  readonly idOf: (name: string) => string | undefined;
}

export const noCodeNames: CodeNames = { nameOf: () => undefined, idOf: () => undefined };

const idForm = /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i;

/** Nothing a person would read: a UUID. */
export function isCodeId(text: string): boolean {
  return idForm.test(text.trim());
}

/** Ids are compared in small letters. */
export function codeKey(id: string): string {
  return isCodeId(id) ? id.trim().toLowerCase() : id;
}

/** `names`: by `codeKey` of the id. */
export function codeNamesIn(names: Readonly<Record<string, string>>): CodeNames {
  return {
    nameOf: (id) => (Object.hasOwn(names, codeKey(id)) ? names[codeKey(id)] : undefined),
    idOf: (name) => {
      const [first, ...others] = Object.keys(names).filter((id) => names[id] === name);
      return others.length === 0 ? first : undefined;
    },
  };
}

interface Code {
  readonly code: string | null;
  readonly name: string | null;
}

/**
 * A code with its id and name, as far as they are known. The name in the lists comes first, so that one code goes by
 * one name everywhere. Some events give the name in place of the id.
 */
export function namedCode<Wrapup extends Code>(wrapup: Wrapup, { nameOf, idOf }: CodeNames): Wrapup {
  const { code, name } = wrapup;
  const listed = nameOf(code ?? name ?? '');
  if (listed !== undefined) return { ...wrapup, code: code ?? name, name: listed };
  const id = code !== null && !isCodeId(code) ? idOf(code) : undefined;
  if (id !== undefined) return { ...wrapup, code: id, name: code };
  return name !== null && isCodeId(name) ? { ...wrapup, name: null } : wrapup;
}
