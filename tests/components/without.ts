/** A copy of arguments that lacks one of them. */
export function without<T extends object, K extends keyof T>(args: T, key: K): Omit<T, K> {
  const copy = { ...args };
  Reflect.deleteProperty(copy, key);
  return copy;
}
