import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escaped, markup } from '../../../domain/words/markup.ts';

describe('text in a page', () => {
  it.each([
    ['a tag', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['the end of an attribute', `" onload='x'`, '&quot; onload=&#39;x&#39;'],
    ['what is escaped already', '&lt;b&gt; &amp;', '&amp;lt;b&amp;gt; &amp;amp;'],
    ['a comment', '<!-- -->', '&lt;!-- --&gt;'],
    ['the end of a style', '</style><img src=x>', '&lt;/style&gt;&lt;img src=x&gt;'],
    ['a NUL', 'A\0na<\0script>', 'A na&lt; script&gt;'],
    ['an override', 'Ana\u202Eanaidni\u202C', 'Anaanaidni'],
    ['an isolate that is never closed', 'A\u2067na', 'Ana'],
    ['half of a character', 'A\uD83Dna\uDE00', 'A\uFFFDna\uFFFD'],
    ['no character', 'A\uFFFEna\u{1FFFF}', 'A\uFFFDna\uFFFD'],
    ['lines', 'one\r\ntwo\u2028three\n\nfour', 'one\ntwo\nthree\n\nfour'],
    ['other alphabets', 'שלום 李 😀 é', 'שלום 李 😀 é'],
  ])('is %s and nothing more', (_what, text, html) => {
    expect(escaped(text)).toBe(html);
  });

  it('never begins or ends anything, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const html = escaped(text);
        expect(html.replaceAll('\n', '')).not.toMatch(/[<>"'\p{Cc}\p{Cs}\u202a-\u202e]/u);
        expect(html.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
  });

  it('stands in a template escaped, and other templates as they are', () => {
    const names = ['<Ana>', 'Bo & Co'].map((name) => markup`<li>${name}</li>`);
    expect(String(markup`<ol title="${'"'}">${names}</ol>${2}`)).toBe(
      '<ol title="&quot;"><li>&lt;Ana&gt;</li><li>Bo &amp; Co</li></ol>2',
    );
  });
});
