import { healthy } from "../lib/health.ts";
import { OperationError } from "../lib/operation-error.ts";
import type { Pulumi } from "../lib/pulumi.ts";
import type { Step } from "../lib/steps.ts";
import type { Patience } from "../lib/wait.ts";
import type { Platform } from "./platform.ts";
import type { Answer } from "./protocol.ts";
import type { Run } from "./run.ts";

/** Which image of the API the program deploys. */
export const IMAGE_KEY = "macro-ai:apiImage";

/** What a step works with. */
export interface Work {
  stack: string;
  apiUrl: string;
  run: Run;
  platform: Platform;
  pulumi: Pulumi;
  patience: Patience;
  /** Tables that were meant to lose rows. */
  allowLoss: readonly string[];
}

/** The six steps. */
export const steps: readonly Step<Work>[] = [
  {
    name: "snapshot",
    plan: ({ platform, run }) => platform.words.snapshot(run),
    perform: ({ platform, run }) => platform.snapshot(run),
    meanwhile: "Schema, configuration and service are as before.",
  },
  {
    name: "apply",
    plan: ({ platform }) =>
      `all pending migrations in one transaction, under a lock, by ${platform.words.database}`,
    perform: async ({ platform, run }) =>
      answered(await platform.database(run).perform({ phase: "apply", run: run.id })),
    meanwhile:
      "Configuration and service are as before, and so is the schema unless the migrations were committed.",
  },
  {
    name: "verify",
    plan: () =>
      "row counts, constraints, indexes and extensions against those before, and the queries of the migrations' folder verify/",
    perform: async ({ platform, run, allowLoss }) =>
      answered(
        await platform.database(run).perform({ phase: "verify", run: run.id, allowLoss: [...allowLoss] }),
      ),
    meanwhile: "The service runs the code from before on the new schema.",
  },
  {
    name: "configure",
    plan: ({ run, stack }) =>
      run.image === undefined
        ? "nothing: the image stays"
        : `pulumi config set ${IMAGE_KEY} ${run.image} --stack ${stack}`,
    perform: ({ run, pulumi }) =>
      run.image === undefined ? Promise.resolve("the image stays") : configure(pulumi, run.image),
    meanwhile: "The service runs the code from before on the new schema.",
  },
  {
    name: "restart",
    plan: ({ run, stack, platform }) =>
      `${run.image === undefined ? "" : `pulumi up --stack ${stack}; `}${platform.words.restart}, and what runs is the new one`,
    perform: ({ platform, run }) => platform.restart(run.image, new Date(run.startedAt)),
    meanwhile: "The schema is the new one; tasks of before and of the new code may run side by side.",
  },
  {
    name: "validate",
    plan: ({ apiUrl }) => `${apiUrl}/api/health answers well`,
    perform: ({ apiUrl, patience }) => healthy(apiUrl, patience),
    meanwhile: "Schema and service are the new ones.",
  },
];

/** Brings the configuration to an image; undefined: to none. */
export async function configure(pulumi: Pulumi, image: string | undefined): Promise<string> {
  const is = (await pulumi.config())[IMAGE_KEY];
  if (is === image) return image === undefined ? "no image, as before" : `${IMAGE_KEY} is ${image}`;
  if (image === undefined) await pulumi.removeConfig(IMAGE_KEY);
  else await pulumi.setConfig(IMAGE_KEY, image);
  return `${IMAGE_KEY} is ${image ?? "not set"}, was ${is ?? "not set"}: commit the stack's file`;
}

/** @throws OperationError with the problems */
export function answered({ lines, problems }: Answer): string {
  if (problems.length === 0) return lines.join("; ");
  throw new OperationError(
    problems.length === 1 ? (problems[0] ?? "") : problems.map((one) => `\n    - ${one}`).join(""),
  );
}
