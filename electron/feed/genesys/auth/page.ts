import type { OutgoingHttpHeaders } from 'node:http';

/** The page has no script, no picture and no link; nothing may frame it, keep it or learn where it came from. */
export const pageHeaders: OutgoingHttpHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
  connection: 'close',
};

/** Both texts are our own words: nothing of the request is shown. */
export function page(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 30rem; margin: 20vh auto 0; padding: 0 1rem; }
</style>
<h1>${title}</h1>
<p>${text}</p>
</html>
`;
}
