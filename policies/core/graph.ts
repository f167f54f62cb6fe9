import type { PolicyResource } from "@pulumi/policy";
import { at } from "./expectations.ts";
import { see } from "./unknown.ts";

/** A resource of the stack with what it refers to. */
export interface Node {
  urn: string;
  type: string;
  name: string;
  /** What the resource shows of itself: inputs in a preview, outputs after. */
  properties: Record<string, unknown>;
  parent: Node | undefined;
  /** Resources from which a property's value comes, by property; known in a preview, when the value itself is not. */
  sources: (property: string) => Node[];
}

/** The stack's resources and their relations. */
export class Graph {
  readonly #nodes = new Map<string, Node>();

  constructor(resources: PolicyResource[]) {
    for (const resource of resources) this.#nodes.set(resource.urn, this.#node(resource));
  }

  /** All resources of these types. */
  all(...types: string[]): Node[] {
    return [...this.#nodes.values()].filter(({ type }) => types.includes(type));
  }

  /** Resources of these types whose property refers to the target, by dependency or by a known value. */
  referring(target: Node, property: string, ...types: string[]): Node[] {
    return this.all(...types).filter((node) => this.refersTo(node, property, target));
  }

  refersTo(node: Node, property: string, target: Node): boolean {
    if (node.sources(property).includes(target)) return true;
    const values = [at(node.properties, property)].flat();
    const names = ["id", "arn", "bucket"].map((key) => target.properties[key]);
    return values.some((value) => typeof value === "string" && names.includes(value));
  }

  #node(resource: PolicyResource): Node {
    const find = (urn: string | undefined): Node | undefined =>
      urn === undefined ? undefined : this.#nodes.get(urn);
    const { urn, type, name } = resource;
    const nodes = this.#nodes;
    let properties: Record<string, unknown> | undefined;
    return {
      urn,
      type,
      name,
      get properties() {
        return (properties ??= see(resource.props));
      },
      get parent() {
        return find(resource.parent?.urn);
      },
      sources: (property) =>
        (resource.propertyDependencies[property] ?? []).flatMap(({ urn }) => nodes.get(urn) ?? []),
    };
  }
}
