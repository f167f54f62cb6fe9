/** What each scale makes, as text that people review: `npm run docs:resources` writes it anew. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Scale } from "../../stacks/environments.ts";
import type { Registered } from "../components/mocks.ts";
import { evaluate, given } from "./program.ts";

/** Whose resources stand for a scale: those of the stack that is committed with it. */
const environments = { hobby: "staging", enterprise: "production" } as const;

/** Where a scale's list lies. */
export const listFile = (scale: Scale): string => join(import.meta.dirname, `resources.${scale}.txt`);

/** The list as it was reviewed; empty where there is none yet. */
export const reviewedList = (scale: Scale): Promise<string> =>
  readFile(listFile(scale), "utf8").catch(() => "");

/**
 * Every resource of a scale, each below its parent: type, then name. Only what the program itself registers: awsx's
 * components make their own children on the engine.
 */
export async function resourceList(scale: Scale): Promise<string> {
  const environment = environments[scale];
  const { recording } = await evaluate(given(environment, scale), { stack: environment, preview: true });
  const stack = recording.one("pulumi:pulumi:Stack");
  return `${below(recording.resources, stack, "").join("\n")}\n`;
}

/** Writes a scale's list anew. */
export async function refreshList(scale: Scale): Promise<void> {
  await writeFile(listFile(scale), await resourceList(scale));
}

/** The lines that one list has and the other has not, each with what it lies in: `Cache cache > LogGroup cache-log`. */
export function differences(reviewed: string, now: string): string[] {
  const [before, after] = [new Set(addresses(reviewed)), new Set(addresses(now))];
  return [
    ...[...before].filter((address) => !after.has(address)).map((address) => `- ${address}`),
    ...[...after].filter((address) => !before.has(address)).map((address) => `+ ${address}`),
  ];
}

function below(resources: readonly Registered[], parent: Registered, indent: string): string[] {
  const key = ({ type, name }: Registered) => `${shortType(type)} ${name}`;
  return resources
    .filter((resource) => resource.parent === parent.urn)
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .flatMap((child) => [`${indent}${key(child)}`, ...below(resources, child, `${indent}  `)]);
}

/** As Pulumi prints it: `aws:s3/bucket:Bucket` is `aws:s3:Bucket`. */
function shortType(type: string): string {
  return type.replace(/\/\w+:/, ":").replace("macro-ai:components:", "");
}

function addresses(list: string): string[] {
  const path: string[] = [];
  return list
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const depth = (line.length - line.trimStart().length) / 2;
      path.splice(depth, path.length, line.trim());
      return path.join(" > ");
    });
}
