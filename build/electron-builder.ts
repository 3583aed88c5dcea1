import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { AfterPackContext, Configuration, FuseOptionsV1 } from 'app-builder-lib';
import type { BuildInfo } from '../electron/build-info.ts';
import { noticesOf, writeLicences } from './licences.ts';

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

export interface Packed {
  /** The Electron to pack. */
  readonly runtime: { readonly dist: string; readonly version: string };
  readonly kind: Exclude<BuildInfo['kind'], 'development'>;
}

export function packageConfig({ runtime, kind }: Packed): Configuration {
  const forTests = kind === 'test';
  return {
    appId: forTests ? 'app.sharelight.desktop.test' : 'app.sharelight.desktop',
    productName: forTests ? 'Sharelight Test' : 'Sharelight',
    ...(forTests ? { executableName: 'sharelight-test' } : {}),
    directories: { output: forTests ? 'dist/for-tests' : 'dist', buildResources: 'assets/icons' },
    electronDist: runtime.dist,
    electronVersion: runtime.version,
    electronFuses: FUSES,
    // The only native part is prebuilt and speaks Node-API: there is nothing to rebuild.
    npmRebuild: false,
    files: [
      'package.json',
      { from: `out/packaged/${kind}`, to: 'out/main', filter: '*.cjs' },
      { from: 'out/main', to: 'out/main', filter: ['store-worker.cjs', 'engine.node'] },
      'out/preload/*.cjs',
      'out/renderer/**',
      // The app's own icon is for the builder, which puts it where the system looks.
      'assets/icons/window.png',
      'assets/icons/tray/*.{png,ico}',
      '!**/*.map',
      `!**/${noticesOf('*')}`,
      // What is used of them is in the bundles.
      '!node_modules/**',
    ],
    // Native code cannot be loaded from inside the archive. It is the only code outside, and its digest is checked.
    asarUnpack: ['out/main/engine.node'],
    electronLanguages: ['en-US'],
    linux: {
      target: ['deb', 'AppImage', 'tar.gz'],
      category: 'Office',
      icon: 'assets/icons/app.png',
      // Nothing: left to itself the AppImage's entry would turn the engine's sandbox off.
      executableArgs: [],
    },
    deb: { depends: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libsecret-1-0', 'libglib2.0-bin'] },
    win: { target: ['nsis'], icon: 'assets/icons/app.ico' },
    mac: { target: ['dmg'], category: 'public.app-category.business', icon: 'assets/icons/app.png' },
    publish: null,
    afterPack: (context) => finish(context, kind),
  };
}

/** The default app of a ready-made runtime goes, the licences of everything that ships come. */
async function finish({ packager, appOutDir }: AfterPackContext, kind: Packed['kind']): Promise<void> {
  const resources = packager.getResourcesDir(appOutDir);
  await rm(path.join(resources, 'default_app.asar'), { force: true });
  const { projectDir: root } = packager;
  const mainBundle = path.join(root, 'out/packaged', kind);
  await writeLicences(root, mainBundle, [appOutDir, resources], path.join(resources, 'licences'));
}
