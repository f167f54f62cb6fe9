import type { PolicyResource } from "@pulumi/policy";
import { at } from "./expectations.ts";
import { push } from "./push.ts";
import { see } from "./unknown.ts";

/** A resource of the stack with what it refers to. */
export interface Node {
  urn: string;
  type: string;
  name: string;
  /** What it was declared with. */
  inputs: Record<string, unknown>;
  /** What it shows of itself: inputs in a preview, outputs after. */
  properties: Record<string, unknown>;
  parent: Node | undefined;
  /** As {@link isCustom} tells. */
  custom: boolean;
  /** Resources from which a property's value comes, by property; known in a preview, when the value itself is not. */
  sources: (property: string) => Node[];
}

/** A resource as {@link Graph} takes it; the engine's own, or a recorded one. */
export type StackResource = Pick<PolicyResource, "urn" | "type" | "name" | "props"> & {
  parent?: { urn: string } | undefined;
  provider?: object | undefined;
  propertyDependencies: Record<string, { urn: string }[]>;
};

/** Whether the resource is something that a provider makes, and no component. */
export function isCustom({ type, provider }: { type: string; provider?: object | undefined }): boolean {
  return provider !== undefined || type.startsWith("aws:");
}

/** Whether the resource's parent is of this type: a URN tells the types of all parents. */
export function isChildOf(urn: string, parentType: string): boolean {
  return urn.split("::")[2]?.split("$").at(-2) === parentType;
}

/** Told of each unknown input of a resource that a rule reads: `ingress[0].cidrBlocks`. */
export type OnUnknownInput = (node: Node, path: string) => void;

/** Outputs by which other resources name one. */
const NAMES = ["id", "arn", "bucket", "name", "keyId", "functionName", "url", "identifier"];

/** The stack's resources and their relations, each found by an index: a stack of thousands costs no more a resource. */
export class Graph {
  readonly #nodes = new Map<string, Node>();
  readonly #byType = new Map<string, Node[]>();
  /** Resources that take a value from this one, by its URN. */
  readonly #users = new Map<string, { node: Node; property: string }[]>();
  /** Resources that have this text as the value of a top-level property. */
  #holders: Map<string, { node: Node; property: string }[]> | undefined;
  #onUnknown: OnUnknownInput | undefined;

  /**
   * @param declared What each URN was declared with, as the engine sent it: it shows a component's inputs to resource
   *   checks only.
   */
  constructor(resources: StackResource[], declared: ReadonlyMap<string, object> = new Map()) {
    for (const resource of resources) this.#add(resource, declared.get(resource.urn));
    for (const resource of resources) this.#link(resource);
  }

  /** What `ask` finds out; tells of each unknown input of a resource that it reads. */
  watch<T>(ask: () => T, onUnknown: OnUnknownInput | undefined): T {
    const before = this.#onUnknown;
    this.#onUnknown = onUnknown;
    try {
      return ask();
    } finally {
      this.#onUnknown = before;
    }
  }

  get nodes(): Node[] {
    return [...this.#nodes.values()];
  }

  find(urn: string): Node | undefined {
    return this.#nodes.get(urn);
  }

  /** All resources of these types. */
  all(...types: string[]): Node[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** Resources of these types whose property refers to the target, by dependency or by a known value. */
  referring(target: Node, property: string, ...types: string[]): Node[] {
    // Where the engine knows what a value comes from, the value itself says less: two regions have the same names.
    const named = this.#namesOf(target)
      .flatMap((name) => this.#valueHolders().get(name) ?? [])
      .filter((holder) => holder.node.sources(holder.property).length === 0);
    const users = [...(this.#users.get(target.urn) ?? []), ...named];
    return [
      ...new Set(
        users
          .filter((user) => user.property === property && types.includes(user.node.type))
          .map(({ node }) => node),
      ),
    ];
  }

  /** Like {@link referring}, or with one of the target's names anywhere within the property. */
  naming(target: Node, property: string, ...types: string[]): Node[] {
    const names = this.#namesOf(target);
    // Where a name is not known, the dependency tells.
    const within = this.watch(
      () => this.all(...types).filter((node) => holdsText(node.inputs[property], names)),
      undefined,
    );
    return [...new Set([...this.referring(target, property, ...types), ...within])];
  }

  /** Every resource of these types that takes a value from the target, whatever the property. */
  usersOf(target: Node, ...types: string[]): Node[] {
    const users = (this.#users.get(target.urn) ?? []).map(({ node }) => node);
    return [...new Set(users)].filter(({ type }) => types.includes(type));
  }

  refersTo(node: Node, property: string, target: Node): boolean {
    if (node.sources(property).includes(target)) return true;
    const values = [at(node.properties, property)].flat();
    const names = this.#namesOf(target);
    return values.some((value) => typeof value === "string" && names.includes(value));
  }

  /** Resources of these types that a property refers to. */
  targets(node: Node, property: string, ...types: string[]): Node[] {
    const sources = node.sources(property).filter(({ type }) => types.includes(type));
    if (sources.length > 0) return sources;
    return this.all(...types).filter((target) => this.refersTo(node, property, target));
  }

  #namesOf(target: Node): string[] {
    const names = NAMES.map((key) => target.properties[key]);
    return [...new Set(names.filter((name) => typeof name === "string" && name !== ""))] as string[];
  }

  #valueHolders(): Map<string, { node: Node; property: string }[]> {
    if (this.#holders) return this.#holders;
    const holders = new Map<string, { node: Node; property: string }[]>();
    for (const node of this.#nodes.values()) {
      for (const [property, value] of Object.entries(node.properties)) {
        for (const text of Array.isArray(value) ? (value as unknown[]) : [value]) {
          if (typeof text !== "string" || text === "") continue;
          push(holders, text, { node, property });
        }
      }
    }
    return (this.#holders = holders);
  }

  #link({ urn, propertyDependencies }: StackResource): void {
    const node = this.#nodes.get(urn);
    if (!node) return;
    for (const [property, sources] of Object.entries(propertyDependencies)) {
      for (const source of sources) push(this.#users, source.urn, { node, property });
    }
  }

  #add(resource: StackResource, declared: object | undefined): void {
    const { urn, type, name } = resource;
    const nodes = this.#nodes;
    let properties: Record<string, unknown> | undefined;
    let inputs: Record<string, unknown> | undefined;
    const told = (path: string): void => this.#onUnknown?.(node, path);
    const node: Node = {
      urn,
      type,
      name,
      custom: isCustom(resource),
      get properties() {
        return (properties ??= see(resource.props));
      },
      get inputs() {
        return (inputs ??= see(declared ?? resource.props, told));
      },
      get parent() {
        return resource.parent === undefined ? undefined : nodes.get(resource.parent.urn);
      },
      sources: (property) =>
        (resource.propertyDependencies[property] ?? []).flatMap((source) => nodes.get(source.urn) ?? []),
    };
    nodes.set(urn, node);
    push(this.#byType, type, node);
  }
}

function holdsText(value: unknown, texts: readonly string[]): boolean {
  if (typeof value === "string") return texts.some((text) => value === text || value.endsWith(`:${text}`));
  return (
    typeof value === "object" && value !== null && Object.values(value).some((part) => holdsText(part, texts))
  );
}
