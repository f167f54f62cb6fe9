import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { defaultRegion } from "../../stacks/config/region.ts";
import { type Scale, scales } from "../../stacks/environments.ts";
import { matrixOf } from "../../scripts/network/matrix.ts";
import { made } from "../stacks/made.ts";
import { type Given, given } from "../stacks/program.ts";
import { readParts } from "../../scripts/architecture/parts.ts";
import type { Picture } from "../../scripts/architecture/picture.ts";
import { Graph } from "../../scripts/architecture/read.ts";
import { pictureFrom } from "../../scripts/architecture/composition.ts";

/** The committed stack that shows a scale. */
const stacks: Readonly<Record<Scale, "production" | "staging">> = {
  hobby: "staging",
  enterprise: "production",
};

/** What the stacks' owner adds: an image, and where the data of a hobby stack lives. */
const added: Given = {
  apiImage: "1.0.0",
  "macro-ai:neonDatabaseUrl":
    "postgresql://app:not-a-password@ep-1.us-east-1.aws.neon.tech/macro_ai?sslmode=require",
  "macro-ai:upstashRedisUrl": "rediss://default:not-a-password@macro-ai.upstash.io:6379",
};

/** What the committed stack of a scale makes, as a picture. */
export async function pictureOf(scale: Scale): Promise<Picture> {
  const stack = stacks[scale];
  const config = { ...given(stack, scale), ...(await committed(stack)), ...added };
  const recording = await made(config, stack);
  const region = config["aws:region"] ?? defaultRegion;
  const around = { graph: new Graph(recording), region, matrix: matrixOf(recording) };
  return pictureFrom(readParts(around), around, `Macro AI at ${scale} scale`);
}

/** The pictures, by scale. */
export async function pictures(): Promise<ReadonlyMap<Scale, Picture>> {
  const drawn = new Map<Scale, Picture>();
  for (const scale of scales) drawn.set(scale, await pictureOf(scale));
  return drawn;
}

async function committed(stack: string): Promise<Given> {
  const file = join(import.meta.dirname, `../../Pulumi.${stack}.yaml`);
  const { config } = parse(await readFile(file, "utf8")) as { config: Readonly<Record<string, unknown>> };
  const plain = Object.entries(config).filter(([, value]) => !isEncrypted(value));
  return Object.fromEntries(
    plain.map(([key, value]) => [
      key.replace(/^macro-ai:/, ""),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
