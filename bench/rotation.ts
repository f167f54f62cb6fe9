import { build } from "esbuild";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { buildFunctions, bundling } from "../rotation/build.ts";
import { distFolder } from "../rotation/bundles.ts";
import { World } from "../tests/rotation/database/world.ts";
import type { Benchmark, Case, Measurements } from "./benchmark.ts";
import { checkout, places } from "./places.ts";
import { table } from "./report.ts";
import { ratioOf, spreadOf, spreadText } from "./statistics.ts";

const targets = { bytes: 600_000, coldStart: 1.4, rotationMs: 1_000 };

const clientAlone = "the SDK's client alone";
const wholeRotation = "a whole rotation of the database's login";

/** Cold starts of the rotation's functions beside that of the SDK's client, and a whole rotation. */
export async function rotation(
  _environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Benchmark> {
  onStep("building the functions, and starting PostgreSQL and Secrets Manager");
  const [sizes, client] = await Promise.all([buildFunctions(), bundleClient()]);
  const world = await World.start();
  const bundleOf = (name: string): string => join(distFolder, name, "index.mjs");
  const [subject, master] = await Promise.all([
    world.subject("alternating"),
    world.secrets.create({ username: "master", password: "master password" }),
  ]);
  world.secrets.interfere = async (operation, forward, sent) => {
    if (operation !== "RotateSecret") return forward();
    const { SecretId = "", ClientRequestToken = "" } = JSON.parse(sent) as Record<string, string>;
    world.secrets.begin(SecretId, ClientRequestToken);
    return { status: 200, body: JSON.stringify({ VersionId: ClientRequestToken }) };
  };
  const environment = {
    AWS_ENDPOINT_URL: world.secrets.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    DATABASE_CA: world.postgres.caFile,
    CACHE_CA: world.postgres.caFile,
    MASTER_SECRET_ARN: master,
    APPLICATION_SECRET_ARN: subject.secretId,
    REPLICATION_GROUP_ID: "none",
    KEYRINGS: JSON.stringify([{ field: "none", activationDelaySeconds: 0, overlapSeconds: 0 }]),
    REMINDERS: JSON.stringify([{ secretId: subject.secretId, field: "none", everyDays: 1 }]),
  };
  const run = (name: string, script: string, ...args: string[]): Case => ({
    name,
    command: {
      words: [process.execPath, join(import.meta.dirname, script), ...args],
      cwd: checkout,
      environment,
    },
  });
  const names = Object.keys(sizes);
  return {
    title:
      "Rotation: a function's process as a whole; below, what of it is cold start (loading to first call)",
    cases: [
      run(clientAlone, "cold-start.ts", client.file),
      ...names.map((name) => run(name, "cold-start.ts", bundleOf(name))),
      run(wholeRotation, "whole-rotation.ts", bundleOf("database"), subject.secretId),
    ],
    comparisons: [],
    explained: [],
    figures: (measurements) => figures({ ...sizes, [clientAlone]: client.bytes }, measurements),
    stop: () => world.stop(),
  };
}

/** The client by itself, bundled as the functions are, with one call. */
async function bundleClient(): Promise<{ file: string; bytes: number }> {
  const outfile = join(places.programs, "sdk-client", "index.mjs");
  await build({
    ...bundling,
    stdin: {
      contents: `
        import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
        const client = new SecretsManagerClient();
        export const handler = ({ SecretId }) => client.send(new DescribeSecretCommand({ SecretId }));`,
      resolveDir: checkout,
    },
    outfile,
  });
  return { file: outfile, bytes: (await stat(outfile)).size };
}

function figures(sizes: Readonly<Record<string, number>>, measurements: Measurements): string {
  /** What each run printed about itself at its end: the first number is of the clock, the second of the CPU. */
  const printed = (name: string, column = 0): number[] =>
    (measurements.get(name) ?? []).map(({ stdout }) =>
      Number(stdout.trim().split("\n").at(-1)?.split(" ")[column]),
    );
  const verdict = (value: number, target: number): string =>
    `<= ${target}: ${value <= target ? "met" : "missed"}`;
  const rows = Object.entries(sizes).map(([name, bytes]) => {
    const [wall, cpu] = [0, 1].map((column) => ratioOf(printed(name, column), printed(clientAlone, column)));
    const start = [0, 1].map((column) => spreadText(spreadOf(printed(name, column)), 0));
    const size = (bytes / 1000).toFixed(0);
    if (name === clientAlone || !wall || !cpu) return [name, size, "", ...start];
    return [
      name,
      size,
      verdict(bytes / 1000, targets.bytes / 1000),
      ...start,
      spreadText(wall),
      spreadText(cpu),
      verdict(cpu.median, targets.coldStart),
    ];
  });
  const head = [
    "",
    "kB",
    "target",
    "cold start ms",
    "CPU ms",
    "ratio, round by round",
    "CPU",
    "target (CPU)",
  ];
  const whole = spreadOf(printed(wholeRotation));
  return [
    table([head, ...rows]),
    `  ${wholeRotation}, loading included: ${spreadText(whole, 0)} ms (${verdict(whole.median, targets.rotationMs)})`,
  ].join("\n\n");
}
