import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { AfterPackContext, Configuration, FuseOptionsV1 } from 'app-builder-lib';

/**
 * Every fuse is decided here; a new one does not compile until it is. The signature option belongs to the
 * signing of macOS builds and is no fuse.
 */
const FUSES: Required<Omit<FuseOptionsV1, 'resetAdHocDarwinSignature'>> = {
  // The program is Sharelight, not a Node, and takes no orders from the environment or an inspector.
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableCookieEncryption: true,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  // Pages come from app://, so file:// needs no privileges.
  grantFileProtocolExtraPrivileges: false,
};

/** The Electron to pack: `undefined` lets electron-builder fetch the official one. */
export type PackedRuntime = { readonly dist: string; readonly version: string } | undefined;

export function packageConfig(runtime: PackedRuntime): Configuration {
  return {
    appId: 'app.sharelight.desktop',
    productName: 'Sharelight',
    directories: { output: 'dist', buildResources: 'assets/icons' },
    ...(runtime === undefined ? {} : { electronDist: runtime.dist, electronVersion: runtime.version }),
    electronFuses: FUSES,
    // The only native part is prebuilt and speaks Node-API: there is nothing to rebuild.
    npmRebuild: false,
    files: [
      'package.json',
      'out/{main,preload,renderer}/**',
      // The app's own icon is for the builder, which puts it where the system looks.
      'assets/icons/window.png',
      'assets/icons/tray/*.{png,ico}',
      '!**/*.map',
      // Its own packages say how they are built, tested and typed; the program needs none of it.
      '!node_modules/**/*.{md,ts}',
      '!node_modules/@libsql/*-musl/**',
    ],
    // The store's thread cannot be started from inside the archive, nor native code loaded from it; and from
    // outside, the thread finds only what is outside too: the store's engine, our one production dependency.
    asarUnpack: ['out/main/store-worker.cjs', 'node_modules/**'],
    electronLanguages: ['en-US'],
    linux: { target: ['deb', 'AppImage', 'tar.gz'], category: 'Office', icon: 'assets/icons/app.png' },
    deb: { depends: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libsecret-1-0', 'libglib2.0-bin'] },
    win: { target: ['nsis'], icon: 'assets/icons/app.ico' },
    mac: { target: ['dmg'], category: 'public.app-category.business', icon: 'assets/icons/app.png' },
    publish: null,
    afterPack: removeDefaultApp,
  };
}

/** Copied along with a ready-made runtime; a program of its own has no use for it. */
async function removeDefaultApp({ packager, appOutDir }: AfterPackContext): Promise<void> {
  await rm(path.join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true });
}
