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

/** Paths of everything that is no list and no object: `rules.0.status`. */
export function leavesOf(value: unknown, above = ""): string[] {
  if (typeof value !== "object" || value === null) return above === "" ? [] : [above];
  return Object.entries(value).flatMap(([key, part]) =>
    leavesOf(part, above === "" ? key : `${above}.${key}`),
  );
}

export function valueAt(inputs: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((owner, step) => (owner as Record<string, unknown> | undefined)?.[step], inputs);
}
