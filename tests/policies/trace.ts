/** A copy of a rule's inputs that tells which of their values a rule reads: `ingress.0.cidrBlocks`. */
export function traced<T extends object>(
  inputs: T,
  onRead: (steps: string[]) => void,
  above: string[] = [],
): T {
  return new Proxy(inputs, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !isField(target, key)) return value;
      const steps = [...above, key];
      if (typeof value === "object" && value !== null) return traced(value, onRead, steps);
      onRead(steps);
      return value;
    },
  });
}

/** Not what a list can do, but what it holds. */
function isField(owner: object, key: string): boolean {
  return Array.isArray(owner) ? /^\d+$/.test(key) : !(key in Object.prototype);
}

/** The same place in every entry of a list: `ingress.*.cidrBlocks`. */
export function placeOf(steps: readonly string[]): string {
  return steps.map((step) => (/^\d+$/.test(step) ? "*" : step)).join(".");
}
