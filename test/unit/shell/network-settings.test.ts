import { beforeEach, describe, expect, it, vi } from 'vitest';
import { systemProxy, trustSystemCertificates } from '../../../electron/shell/network-settings.ts';

const resolveProxy = vi.hoisted(() => vi.fn<(url: string) => Promise<string>>());
vi.mock('electron/main', () => ({ session: { defaultSession: { resolveProxy } } }));

beforeEach(() => {
  resolveProxy.mockReset();
});

describe('the proxy of the system', () => {
  it.each([
    ['DIRECT', null],
    ['', null],
    ['PROXY proxy.example:8080', 'http://proxy.example:8080/'],
    ['HTTPS proxy.example:8443; DIRECT', 'https://proxy.example:8443/'],
    ['PROXY [::1]:3128', 'http://[::1]:3128/'],
    ['SOCKS5 socks.example:1080; PROXY second.example:3128', 'http://second.example:3128/'],
    ['SOCKS5 socks.example:1080; DIRECT', null],
    ['PROXY', null],
  ])('in %j is %j', async (answer, proxy) => {
    resolveProxy.mockResolvedValue(answer);
    expect((await systemProxy(new URL('https://api.mypurecloud.de')))?.href ?? null).toBe(proxy);
  });

  it('is asked for as for a page, also for a socket', async () => {
    resolveProxy.mockResolvedValue('PROXY proxy.example:8080');
    expect((await systemProxy(new URL('wss://streaming.mypurecloud.de/channels/1')))?.port).toBe('8080');
    expect(resolveProxy).toHaveBeenCalledExactlyOnceWith('https://streaming.mypurecloud.de/channels/1');
  });
});

describe('a proxy that is not asked for by everybody', () => {
  it('is a SOCKS one, where it can be spoken to', async () => {
    resolveProxy.mockResolvedValue('SOCKS5 socks.example:1080; PROXY second.example:3128');
    const address = new URL('https://api.mypurecloud.de');
    expect((await systemProxy(address, { socks: true }))?.href).toBe('socks5://socks.example:1080');
    expect((await systemProxy(address))?.href).toBe('http://second.example:3128/');
  });

  it.each([
    [{ HTTPS_PROXY: 'http://me:se%20cret@proxy.example:8080' }, 'http://me:se%20cret@proxy.example:8080/'],
    [{ http_proxy: 'http://me:x@proxy.example:8080/' }, 'http://me:x@proxy.example:8080/'],
    [{ HTTPS_PROXY: 'http://me:x@other.example:8080' }, 'http://proxy.example:8080/'],
    [{ HTTPS_PROXY: 'http://me:x@proxy.example:3128' }, 'http://proxy.example:8080/'],
    [{ HTTPS_PROXY: 'http://proxy.example:8080', ALL_PROXY: 'no address' }, 'http://proxy.example:8080/'],
  ])('has the name and password that %j gives this very one', async (env, href) => {
    resolveProxy.mockResolvedValue('PROXY proxy.example:8080');
    expect((await systemProxy(new URL('https://api.mypurecloud.de'), { env }))?.href).toBe(href);
  });
});

describe('certificates the system trusts', () => {
  it('are trusted besides those the runtime brings', () => {
    const setDefaultCACertificates = vi.fn();
    const lists = { default: ['a', 'b'], system: ['b', 'c'] };
    const node = { getCACertificates: (type: 'default' | 'system') => lists[type], setDefaultCACertificates };
    expect(trustSystemCertificates(node)).toMatch(/^1 /);
    expect(setDefaultCACertificates).toHaveBeenCalledExactlyOnceWith(['a', 'b', 'c']);
  });

  it('change nothing where there are none, or the runtime does not know of them', () => {
    const setDefaultCACertificates = vi.fn();
    const same = { getCACertificates: () => ['a'], setDefaultCACertificates };
    expect(trustSystemCertificates(same)).toMatch(/^0 /);
    expect(trustSystemCertificates({})).toMatch(/knows no/);
    const broken = {
      getCACertificates: () => {
        throw new Error('locked');
      },
      setDefaultCACertificates,
    };
    expect(trustSystemCertificates(broken)).toMatch(/locked/);
    expect(setDefaultCACertificates).not.toHaveBeenCalled();
  });
});
