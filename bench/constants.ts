import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { places } from "./places.ts";

/** A resource of a deployment, to be registered again as it was. */
export interface Constant {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** The URN of a resource before it in the list, or of the stack. */
  readonly parent: string;
  /** Undefined for a component. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** What `pulumi stack export` prints, as far as it counts here. */
interface Exported {
  readonly deployment: { readonly resources: readonly ExportedResource[] };
}

interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** Keys and values by which the engine marks special values (pulumi sdk/go/common/resource/sig). */
const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const assets: Readonly<Record<string, "asset" | "archive">> = {
  c44067f5952c0a294b673a41bacd8c17: "asset",
  "0def7320c3a5731c473e5ecbe6d01bc7": "archive",
};

/** A deployment's resources as constants: nothing in them follows from another, and a secret is any text. */
export function constantsOf(exported: string): Constant[] {
  const { resources } = (JSON.parse(exported) as Exported).deployment;
  return resources
    .filter(({ type }) => !type.startsWith("pulumi:"))
    .map(({ type, urn, parent = "", custom, inputs = {} }) => ({
      type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      urn,
      parent,
      ...(custom === true && { inputs: constant(inputs) as Record<string, unknown> }),
    }));
}

/** Writes what the program in bench/constants/ registers. */
export async function writeConstants(exported: string): Promise<void> {
  await mkdir(dirname(places.constantResources), { recursive: true });
  await writeFile(places.constantResources, JSON.stringify(constantsOf(exported)));
}

/** What a value is as the state holds a file or a folder; undefined for any other value. */
export function assetKind(value: unknown): "asset" | "archive" | undefined {
  return typeof value === "object" && value !== null
    ? assets[String(Reflect.get(value, signature))]
    : undefined;
}

function constant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(constant);
  if (typeof value !== "object" || value === null) return value;
  if (Reflect.get(value, signature) === secret) return "SomeTextInThePlaceOfASecret";
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (key.startsWith("__") ? [] : [[key, constant(item)]])),
  );
}
