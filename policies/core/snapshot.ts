import { writeFileSync } from "node:fs";
import { isCustom, type StackResource } from "./graph.ts";
import type { Declared, Occasion } from "./gate.ts";
import { plain } from "./unknown.ts";

/** What the engine showed of a stack, as data: whoever reads it can judge again without the engine. */
export interface Snapshot {
  occasion: { preview: boolean; stack: Readonly<Record<string, string>> };
  configuration: unknown;
  /** In the order in which they were declared. */
  declared: (Omit<Declared, "properties"> & {
    inputs: Record<string, unknown>;
    /** Paths of the inputs that are, or hold, secrets. */
    secrets: readonly string[];
  })[];
  finished: {
    urn: string;
    type: string;
    name: string;
    custom: boolean;
    outputs: Record<string, unknown>;
    parent?: string;
    propertyDependencies: Record<string, string[]>;
  }[];
}

/** Collects a snapshot on its way through the pack. */
export class Recorder {
  readonly #file: string;
  readonly #declared: Snapshot["declared"] = [];

  /** @param file Takes the snapshot. It is for the user's eyes alone: it holds the program's secrets. */
  constructor(file: string) {
    this.#file = file;
  }

  take({ urn, name, type, custom, properties }: Declared, secrets: readonly string[]): void {
    this.#declared.push({ urn, name, type, custom, inputs: plain(properties), secrets });
  }

  write(occasion: Occasion, configuration: unknown, resources: StackResource[]): void {
    const { preview, stack } = occasion;
    const snapshot: Snapshot = {
      occasion: { preview, stack },
      configuration,
      declared: this.#declared,
      finished: resources.map(({ urn, type, name, props, parent, provider, propertyDependencies }) => ({
        urn,
        type,
        name,
        custom: isCustom({ type, provider }),
        outputs: plain(props),
        ...(parent !== undefined && { parent: parent.urn }),
        propertyDependencies: Object.fromEntries(
          Object.entries(propertyDependencies).map(([property, sources]) => [
            property,
            sources.map((source) => source.urn),
          ]),
        ),
      })),
    };
    writeFileSync(this.#file, JSON.stringify(snapshot), { mode: 0o600 });
  }
}

/** A snapshot's resources as a graph takes them. */
export function finishedResources({ finished }: Snapshot): StackResource[] {
  return finished.map(({ urn, type, name, custom, outputs, parent, propertyDependencies }) => ({
    urn,
    type,
    name,
    props: outputs,
    ...(custom && { provider: {} }),
    ...(parent !== undefined && { parent: { urn: parent } }),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, urns]) => [
        property,
        urns.map((source) => ({ urn: source })),
      ]),
    ),
  }));
}
