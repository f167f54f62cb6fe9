import { healthy } from "../../../operations/lib/health.ts";
import { errorText } from "../../../operations/lib/operation-error.ts";
import type { Patience } from "../../../operations/lib/wait.ts";
import { type Cli, gated } from "./cli.ts";
import { checkoutOf, headOf } from "./git.ts";
import { deployedCommit } from "./history.ts";
import { losses } from "./losses.ts";
import { PLANS } from "./plan.ts";

/** How a deployment is made. */
export interface Deployment {
  readonly cli: Cli;
  /** The reviewed plan, which the update may not exceed. @default - none */
  readonly plan?: string;
  /** Looks at AWS first, and so undoes what was changed by hand. */
  readonly refresh: boolean;
  /** Where the API answers. @default - the stack's output `apiUrl` */
  readonly apiUrl?: string;
  /** How long the API has to become well, each time. */
  readonly limitMs: number;
  readonly patience: Patience;
  readonly rollback: boolean;
  readonly say: (line: string) => void;
}

/** What became of a deployment. Only the first is a success. */
export type Outcome = "healthy" | "failed" | "unhealthy" | "rolled back" | "rollback failed";

export interface Result {
  readonly outcome: Outcome;
  readonly commit: string;
  readonly previous?: string;
  /** What happened, in order. */
  readonly events: readonly string[];
}

/**
 * Updates a stack, asks its API whether it is well, and goes back to the commit that was deployed before if it is not. Going back
 * is an update from that commit's own program, configuration and policies: everything that decides what runs, the image
 * included, is in the commit. It does not go back to what was not well itself. An update that failed halfway is left as it is while the API is well: the next one goes on.
 */
export async function deploy(deployment: Deployment): Promise<Result> {
  const { cli, plan, rollback, say } = deployment;
  const events: string[] = [];
  const tell = (event: string): void => {
    events.push(event);
    say(event);
  };
  const commit = await headOf(cli.project);
  const previous = await deployedCommit(cli);
  const ended = (outcome: Outcome): Result => ({
    outcome,
    commit,
    ...(previous !== undefined && { previous }),
    events,
  });
  const more = [
    ...(plan === undefined ? [] : ["--plan", plan]),
    ...(deployment.refresh ? ["--refresh"] : []),
  ];
  const before = await illness(soon(deployment), cli);
  const code = await update(await cli.elsewhere({ env: PLANS }), more);
  tell(code === 0 ? `The update to ${commit} succeeded.` : `The update to ${commit} ended with ${code}.`);
  const problem = await illness(deployment, cli);
  tell(problem ?? "The API is well.");
  if (problem === undefined) return ended(code === 0 ? "healthy" : "failed");
  if (!rollback) return ended("unhealthy");
  if (previous === undefined || previous === commit) {
    tell(
      `There is nothing to go back to: ${previous === undefined ? "no earlier commit is known" : "it is the same commit"}.`,
    );
    return ended("unhealthy");
  }
  if (before !== undefined) {
    tell(`There is nothing to go back to: with ${previous} the API was not well either. ${before}`);
    return ended("unhealthy");
  }
  return ended(await goBack(deployment, previous, tell));
}

/** For what runs already: it needs no time to become well. */
function soon(deployment: Deployment): Deployment {
  const { limitMs, patience } = deployment;
  return {
    ...deployment,
    limitMs: Math.min(limitMs, 30_000),
    patience: { ...patience, intervalMs: Math.min(patience.intervalMs, 1000) },
  };
}

async function goBack(
  deployment: Deployment,
  commit: string,
  tell: (event: string) => void,
): Promise<Outcome> {
  let earlier: Awaited<ReturnType<typeof checkoutOf>>;
  try {
    earlier = await checkoutOf(deployment.cli.project, commit);
  } catch (error) {
    tell(errorText(error));
    return "rollback failed";
  }
  try {
    const cli = await deployment.cli.elsewhere({ project: earlier.folder });
    const lost = await losses(cli);
    if (lost.length > 0) {
      tell(`The way back to ${commit} is not taken by itself: ${lost.join("; ")}.`);
      return "rollback failed";
    }
    // ECS may have rolled back by itself, of which the state knows nothing (docs/runbooks/deployments.md).
    const code = await update(cli, ["--refresh"]);
    tell(code === 0 ? `Rolled back to ${commit}.` : `The update back to ${commit} ended with ${code}.`);
    const problem = await illness(deployment, cli);
    tell(problem ?? "The API is well again.");
    return code === 0 && problem === undefined ? "rolled back" : "rollback failed";
  } finally {
    await earlier.remove();
  }
}

function update(cli: Cli, more: readonly string[]): Promise<number> {
  return cli.show([
    "up",
    "--stack",
    cli.stack,
    "--yes",
    "--skip-preview",
    ...more,
    ...gated(cli.project),
    "--non-interactive",
  ]);
}

/** What is wrong with the API, if anything. */
async function illness(deployment: Deployment, cli: Cli): Promise<string | undefined> {
  const url = deployment.apiUrl ?? (await outputOf(cli, "apiUrl"));
  if (url === undefined) return `The stack ${cli.stack} has no output apiUrl: nobody can ask its API.`;
  try {
    await healthy(url.replace(/\/$/, ""), deployment.patience, deployment.limitMs);
    return undefined;
  } catch (error) {
    if (deployment.patience.signal.aborted) throw error;
    return errorText(error);
  }
}

async function outputOf(cli: Cli, name: string): Promise<string | undefined> {
  const { code, stdout } = await cli.read([
    "stack",
    "output",
    name,
    "--stack",
    cli.stack,
    "--non-interactive",
  ]);
  return code === 0 ? stdout.trim() : undefined;
}

/** What people are told of it, in Markdown. */
export function reportOf(stack: string, { outcome, commit, previous, events }: Result): string {
  const titles: Record<Outcome, string> = {
    healthy: `${stack} is deployed and well`,
    failed: `The update of ${stack} failed; its API is well`,
    unhealthy: `${stack} is NOT well after the deployment`,
    "rolled back": `${stack} was not well after the deployment and was rolled back`,
    "rollback failed": `${stack} is NOT well, and the rollback failed`,
  };
  const next: Record<Outcome, string> = {
    healthy: "",
    failed:
      "Mend the cause and deploy again: an update goes on where one failed. docs/delivery.md, A failed update.",
    unhealthy: "docs/delivery.md, A deployment that is not well.",
    "rolled back":
      "The branch still has what failed: revert it or mend it. docs/delivery.md, A deployment that is not well.",
    "rollback failed": "Somebody must act now. docs/delivery.md, A deployment that is not well.",
  };
  return [
    `### ${titles[outcome]}`,
    "",
    `Commit ${commit}${previous === undefined ? "" : `, before it ${previous}`}.`,
    "",
    ...events.map((event) => `- ${event}`),
    ...(next[outcome] === "" ? [] : ["", next[outcome]]),
    "",
  ].join("\n");
}
