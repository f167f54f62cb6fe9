import type { Program, Registered } from "../program.ts";

/** Inputs of a resource, read without knowing its type. */
export type Inputs = Readonly<Record<string, unknown>>;

/** What every reader of the graph needs. */
export class Graph {
  readonly resources: readonly Registered[];
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
    this.resources = program.resources;
  }

  all(type: string): readonly Registered[] {
    return this.#program.all(type);
  }

  /** The resources from which an input's value comes. */
  sources(resource: Registered, input: string): readonly Registered[] {
    const urns = resource.options.propertyDependencies[input] ?? [];
    return urns.map((urn) => this.#program.at(urn));
  }

  /** The component at the top, right below the stack, that a resource belongs to; itself when it is at the top. */
  top(resource: Registered): Registered {
    let at = resource;
    while (at.parent !== "" && this.#program.at(at.parent).type !== "pulumi:pulumi:Stack")
      at = this.#program.at(at.parent);
    return at;
  }
}

/** The text at a path of inputs; empty when there is none. */
export function text(inputs: unknown, ...path: readonly (string | number)[]): string {
  let at = inputs;
  for (const step of path) {
    if (typeof at !== "object" || at === null) return "";
    at = (at as Record<string | number, unknown>)[step];
  }
  return typeof at === "string" || typeof at === "number" ? String(at) : "";
}

/** The list at an input; empty when there is none. */
export function list(inputs: Inputs, name: string): readonly unknown[] {
  const found = inputs[name];
  return Array.isArray(found) ? (found as unknown[]) : [];
}

/** `1 alarm`, `2 alarms`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
