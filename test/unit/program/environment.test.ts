import { describe, expect, it } from 'vitest';
import { cleanEnvironment } from '../../../electron/program/environment.ts';
import { startNotices } from '../../../electron/program/notices.ts';

const preferences = {
  get: () => {
    throw new Error('not asked for');
  },
  set: () => undefined,
  startWriting: () => undefined,
  settled: () => Promise.resolve(),
  setAside: null,
  problem: () => null,
};

describe('the environment', () => {
  it('loses what would unprotect connections or print them, whatever it is set to', () => {
    const env: Record<string, string | undefined> = {
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_DEBUG: 'http,tls',
      NODE_OPTIONS: '--tls-keylog=/tmp/keys',
      SSL_CERT_FILE: '/tmp/authorities.pem',
      SSL_CERT_DIR: '/tmp/authorities',
      SSLKEYLOGFILE: '/tmp/keys',
      NODE_USE_ENV_PROXY: '1',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_EXTRA_CA_CERTS: '/etc/proxy.pem',
      HTTPS_PROXY: 'http://proxy:8080',
      PATH: '/usr/bin',
    };
    expect(cleanEnvironment(env)).toEqual([
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'SSL_CERT_FILE',
      'SSL_CERT_DIR',
      'SSLKEYLOGFILE',
      'NODE_USE_ENV_PROXY',
      'NODE_DEBUG',
      'NODE_OPTIONS',
      'ELECTRON_RUN_AS_NODE',
    ]);
    expect(env).toEqual({
      NODE_EXTRA_CA_CERTS: '/etc/proxy.pem',
      HTTPS_PROXY: 'http://proxy:8080',
      PATH: '/usr/bin',
    });
  });

  it('is not complained about where nothing would have changed', () => {
    const env = {
      NODE_TLS_REJECT_UNAUTHORIZED: '1',
      NODE_OPTIONS: '',
      SSL_CERT_DIR: '/etc/ssl/certs',
      HOME: '/data/me',
    };
    expect(cleanEnvironment(env)).toEqual([]);
    expect(env).toEqual({ HOME: '/data/me' });
  });

  it('is told of by the names that were taken out', () => {
    const said = (...ignoredVariables: string[]): string[] =>
      startNotices({
        preferences,
        folder: { path: '/data', problem: null },
        policyProblem: '',
        server: 'x11',
        untrustedPolicy: null,
        ignoredVariables,
      }).map(({ text }) => text);
    expect(said()).toEqual([]);
    expect(said('NODE_TLS_REJECT_UNAUTHORIZED')).toEqual([
      expect.stringMatching(/^Sharelight ignored NODE_TLS_REJECT_UNAUTHORIZED .* it would make .* unsafe/),
    ]);
    expect(said('SSL_CERT_FILE', 'NODE_DEBUG')).toEqual([
      expect.stringMatching(/^Sharelight ignored SSL_CERT_FILE, NODE_DEBUG .* they would make/),
    ]);
  });
});
