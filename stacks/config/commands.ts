import type { FieldValue } from "./fields.ts";

/** The namespace of the project's own keys: the project's name in Pulumi.yaml. */
export const namespace = "macro-ai";

/** A key's place: one name at the top, two within a group. Another namespace's key bears it: `aws:region`. */
export type Path = readonly [string] | readonly [string, string];

/** One change of a stack's configuration that mends a problem. */
export type Fix =
  | { readonly change: "set"; readonly path: Path; readonly value: FieldValue }
  | { readonly change: "ask"; readonly path: Path }
  | { readonly change: "setSecret"; readonly path: Path }
  | { readonly change: "remove"; readonly path: Path };

/** The key as people write it, e.g. `macro-ai:database.instanceClass`. */
export function keyText([top, nested]: Path): string {
  if (nested === undefined) return top.includes(":") ? top : `${namespace}:${top}`;
  return /^[\w-]+$/.test(nested)
    ? `${namespace}:${top}.${nested}`
    : `${namespace}:${top}[${JSON.stringify(nested)}]`;
}

/** The command that makes the change, ready for a POSIX shell. Without a value in it, the command asks for one. */
export function command(fix: Fix, stackName: string): string {
  const key = [...(fix.path.length === 2 ? ["--path"] : []), quote(keyText(fix.path))];
  const stack = ["--stack", quote(stackName)];
  switch (fix.change) {
    case "set":
      return ["pulumi config set", ...key, quote(String(fix.value)), ...stack].join(" ");
    case "ask":
      return ["pulumi config set", ...key, ...stack].join(" ");
    case "setSecret":
      return ["pulumi config set --secret", ...key, ...stack].join(" ");
    case "remove":
      return ["pulumi config rm", ...key, ...stack].join(" ");
  }
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
