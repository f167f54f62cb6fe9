import { deployed, PREVIEW } from "../../../bootstrap/environments.ts";
import type { Cli } from "../lib/cli.ts";

/** What the bootstrap's program tells. */
interface Outputs {
  readonly backendUrl: string;
  readonly secretsProviders: Readonly<Record<string, string>>;
  readonly roleArns: Readonly<Record<string, string>>;
  readonly permissionsBoundaries: Readonly<Record<string, string>>;
}

/** What remains to be done by hand, ready to be pasted. */
export async function nextSteps(cli: Cli, repository: string, backend: string): Promise<string> {
  const { stdout } = await cli.read(["stack", "output", "--json", "--stack", cli.stack]);
  const outputs = JSON.parse(stdout) as Outputs;
  const plainName = repository.replaceAll(/@\d+/g, "");
  const region = /region=([\w-]+)/.exec(outputs.backendUrl)?.[1] ?? "";
  const variables = {
    AWS_REGION: region,
    PULUMI_BACKEND_URL: outputs.backendUrl,
    ...Object.fromEntries(
      Object.entries(outputs.roleArns).map(([purpose, arn]) => [`AWS_ROLE_${purpose.toUpperCase()}`, arn]),
    ),
  };
  const moves = backend.startsWith("file:")
    ? [
        "# The bootstrap's own state into the bucket that it made:",
        move("account", outputs, "--project bootstrap --from " + backend),
      ]
    : [];
  const lines = [
    "",
    "Next (docs/delivery.md says why):",
    "",
    "# What the workflows read; none of it is secret:",
    ...Object.entries(variables).map(
      ([name, value]) => `gh variable set ${name} --repo ${plainName} --body '${value}'`,
    ),
    "",
    "# GitHub's environments, each open to its branch only; production asks a reviewer (give yours):",
    `gh api --method PUT repos/${plainName}/environments/${PREVIEW}`,
    ...deployed.flatMap((environment) => environmentCommands(plainName, environment)),
    "",
    ...moves,
    "# A stack that lies on this machine into the bucket; a new one: pulumi stack init <stack> --secrets-provider '<the same>'",
    ...deployed.map(({ stack }) => move(stack, outputs, "")),
    "",
    "# What caps the roles that each stack makes:",
    ...deployed.map(
      ({ stack }) =>
        `pulumi config set macro-ai:permissionsBoundary ${outputs.permissionsBoundaries[stack] ?? ""} --stack ${stack}`,
    ),
    "",
  ];
  return lines.join("\n");
}

function environmentCommands(repository: string, { stack, branch }: (typeof deployed)[number]): string[] {
  const policy =
    "-F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'";
  const reviewers =
    stack === "production"
      ? " -F 'reviewers[][type]=User' -F \"reviewers[][id]=$(gh api user --jq .id)\""
      : "";
  return [
    `gh api --method PUT repos/${repository}/environments/${stack} ${policy}${reviewers}`,
    `gh api --method POST repos/${repository}/environments/${stack}/deployment-branch-policies -f name=${branch}`,
  ];
}

function move(stack: string, { backendUrl, secretsProviders }: Outputs, more: string): string {
  const words = [
    "npm run move-state --",
    `--stack ${stack}`,
    more,
    `--to '${backendUrl}'`,
    `--secrets-provider '${secretsProviders[stack] ?? ""}'`,
  ];
  return words.filter((word) => word !== "").join(" ");
}
