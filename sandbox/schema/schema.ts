/** The derived schema: what the installed SDKs declare for the types of the stand-in cloud. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Declaration of one resource type; kinds in the notation of kinds.ts. */
export interface ResourceDeclaration {
  readonly inputs: Readonly<Record<string, string>>;
  /** `?`: the SDK types it as possibly undefined. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Inputs of which the SDK's comments say that a change forces a new resource. */
  readonly replaceOn?: readonly string[];
}

export interface FunctionDeclaration {
  readonly inputs: Readonly<Record<string, string>>;
}

export interface Schema {
  readonly sdk: { readonly name: string; readonly version: string };
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly functions: Readonly<Record<string, FunctionDeclaration>>;
  /** Nested objects by name, e.g. `rds.InstanceTimeouts`. */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type ProviderName = "aws" | "awsx" | "random";

export const providerNames: readonly ProviderName[] = ["aws", "awsx", "random"];

/** Where the schema of a provider lies. */
export function schemaFile(provider: ProviderName): string {
  return join(import.meta.dirname, `${provider}.generated.json`);
}

const loaded = new Map<ProviderName, Schema>();

/** Loads a derived schema. Throws an Error when it is missing or was derived from another version of the SDK. */
export function loadSchema(provider: ProviderName): Schema {
  const known = loaded.get(provider);
  if (known !== undefined) return known;
  const schema = JSON.parse(readSchema(provider)) as Schema;
  const installed = installedVersion(schema.sdk.name);
  if (schema.sdk.version !== installed)
    throw new Error(
      `sandbox/schema/${provider}.generated.json was derived from ${schema.sdk.name} ${schema.sdk.version}, but ${installed} is installed. Run "npm run schema".`,
    );
  loaded.set(provider, schema);
  return schema;
}

function readSchema(provider: ProviderName): string {
  try {
    return readFileSync(schemaFile(provider), "utf8");
  } catch (error) {
    throw new Error(`sandbox/schema/${provider}.generated.json cannot be read. Run "npm run schema".`, {
      cause: error,
    });
  }
}

/** The version of an installed package. */
export function installedVersion(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string };
  return manifest.version;
}
