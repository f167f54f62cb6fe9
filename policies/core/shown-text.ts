import { gunzipSync } from "node:zlib";
import { at } from "./expectations.ts";
import { isSecretText, scriptHasSecret } from "./secret-text.ts";
import { sinksOf } from "./sinks.ts";
import { pathTo } from "./unknown.ts";

/** Variables that rules of their own look at: `lambda-no-secret-in-environment` and `ecs-no-secret-in-environment`. */
const GUARDED: Readonly<Record<string, RegExp>> = {
  "aws:lambda/function:Function": /^environment\.variables\./,
  "aws:ecs/taskDefinition:TaskDefinition": /^containerDefinitions\[\d+\]\.environment\[/,
  "macro-ai:components:TaskDefinition": /^containers\[\d+\]\.environment\[/,
};

const SCRIPT = /^userData(Base64)?$/;

/** More than any user data, which AWS bounds at 16 KiB, unpacks to in earnest. */
const MAX_UNPACKED = 1024 * 1024;

/** Where a resource shows text that looks like a secret, by its form or by its name: `tags.dbPassword`. */
export function secretsShown(type: string, inputs: Record<string, unknown>): string[] {
  const found = new Set<string>();
  for (const sink of sinksOf(type)) collect(at(inputs, sink), sink, sink);
  const own = [...found].filter((path) => !GUARDED[type]?.test(path));
  // The provider repeats a resource's tags among all that it gets.
  return own.filter((path) => !(path.startsWith("tagsAll") && found.has(path.replace(/^tagsAll/, "tags"))));

  function collect(value: unknown, path: string, name: string): void {
    if (typeof value === "string") {
      const data = parsed(value);
      if (data !== undefined) collect(data, path, name);
      else if (SCRIPT.test(path) ? scriptHasSecret(decoded(value)) : isSecretText(name, value))
        found.add(path);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const { name: sibling } = value as { name?: unknown };
    for (const [key, part] of Object.entries(value))
      collect(part, pathTo(value, path, key), key === "value" && typeof sibling === "string" ? sibling : key);
  }
}

/** What stands in base64, packed or not; the text itself where it is none. */
export function decoded(text: string): string {
  const packed = text.replaceAll(/\s/g, "");
  if (packed.length < 16 || !/^[A-Za-z\d+/]+={0,2}$/.test(packed)) return text;
  const bytes = Buffer.from(packed, "base64");
  const plain = bytes.readUInt16BE() === 0x1f8b ? unpacked(bytes) : bytes.toString("utf8");
  // What is no text was no base64.
  return plain === undefined || plain.includes("\uFFFD") ? text : plain;
}

function unpacked(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }).toString("utf8");
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
