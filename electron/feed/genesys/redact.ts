/** Keeps the token and the channel id (whoever has it can listen in) out of everything people may read. */
export interface Redactor {
  hide(secret: string): void;
  redact(text: string): string;
}

/** Tokens and channels are replaced now and then; an old one may still turn up in a late answer. */
const remembered = 16;

/** Shorter ones are nobody's secret, and hiding them would blot out plain words. */
const shortest = 6;

export function createRedactor(): Redactor {
  let secrets: string[] = [];
  return {
    hide(secret) {
      if (secret.length < shortest || secrets.includes(secret)) return;
      secrets = [...secrets.slice(1 - remembered), secret];
    },
    redact: (text) => secrets.reduce((result, secret) => result.replaceAll(secret, '…'), text),
  };
}
