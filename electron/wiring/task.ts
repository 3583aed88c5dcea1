export function runTask(): Promise<number> {
  return Promise.resolve(1);
}
