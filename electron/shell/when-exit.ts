import process from 'node:process';

/**
 * In the place of the package of that name, which comes with `electron-store`: that one listens for SIGTERM and its
 * kin, and so takes them from the browser engine, which has the program close its database first.
 *
 * @param callback runs as the program ends
 * @returns what takes it back
 */
export default function whenExit(callback: () => void): () => void {
  process.once('exit', callback);
  return () => {
    process.off('exit', callback);
  };
}
