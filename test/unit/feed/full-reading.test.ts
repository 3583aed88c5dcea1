import { describe, expect, test } from 'vitest';
import { readConversations } from '../../../electron/feed/genesys/full-reading.ts';
import type { Http } from '../../../electron/feed/genesys/http.ts';
import { defaultLimits } from '../../../electron/feed/genesys/limits.ts';

describe('the listing', () => {
  const read = (pages: Record<string, unknown>): ReturnType<typeof readConversations> => {
    const http: Http = {
      baseUrl: new URL('https://api.mypurecloud.de'),
      request: (_method, path) =>
        path in pages
          ? Promise.resolve({ text: '', json: pages[path] })
          : Promise.reject(new Error(`Nobody should ask for ${path}`)),
    };
    return readConversations(http, defaultLimits, new AbortController().signal);
  };
  const first = '/api/v2/conversations';

  test('follows the pages by link', async () => {
    const pages = {
      [first]: { entities: [{ id: 'a' }], total: 2, nextUri: `${first}?pageSize=1&pageNumber=2` },
      [`${first}?pageSize=1&pageNumber=2`]: { entities: [{ id: 'b' }], total: 2 },
    };
    expect(await read(pages)).toEqual({
      entities: [{ id: 'a' }, { id: 'b' }],
      ids: ['a', 'b'],
      complete: true,
    });
  });

  test('follows the pages by number', async () => {
    const pages = {
      [first]: { entities: [{ id: 'a' }], total: 2, pageNumber: 1, pageCount: 2 },
      [`${first}?pageNumber=2`]: { entities: [{ id: 'b' }], total: 2, pageNumber: 2, pageCount: 2 },
    };
    expect((await read(pages)).ids).toEqual(['a', 'b']);
  });

  test('one that moves while it is read has each conversation once', async () => {
    const pages = {
      [first]: { entities: [{ id: 'a' }, { id: 'b' }], nextUri: `${first}?pageNumber=2` },
      [`${first}?pageNumber=2`]: { entities: [{ id: 'b' }, { id: 'c' }] },
    };
    expect((await read(pages)).ids).toEqual(['a', 'b', 'c']);
  });

  test.each([
    ['a link that leads in a circle', { entities: [{ id: 'a' }], total: 2, nextUri: first }],
    [
      'a link that leads away',
      { entities: [{ id: 'a' }], total: 2, nextUri: 'https://example.com/api/v2/users' },
    ],
    ['an entry without an id', { entities: [{ id: 'a' }, {}], total: 2 }],
  ])('%s: not the whole', async (_what, page) => {
    const { ids, complete } = await read({ [first]: page });
    expect(ids).toEqual(['a']);
    expect(complete).toBe(false);
  });

  test('with no entities is empty and whole', async () => {
    const page = { entities: [], total: null };
    expect(await read({ [first]: page })).toEqual({ entities: [], ids: [], complete: true });
  });

  test.each([[{}], [{ entities: null }], [{ entities: {} }], [[]], ['none'], [null], [undefined]])(
    '%j is no listing: an empty object is not an empty list',
    async (page) => {
      await expect(read({ [first]: page })).rejects.toThrow('in an unexpected form');
    },
  );
});
