import { DEFAULT_BRANCH, deployed, purposeOf } from "../../../bootstrap/environments.ts";
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
      Object.entries(outputs.roleArns).map(([purpose, arn]) => [
        `AWS_ROLE_${purpose.replaceAll("-", "_").toUpperCase()}`,
        arn,
      ]),
    ),
  };
  const moves = backend.startsWith("file:")
    ? [
        "# The bootstrap's own state into the bucket that it made:",
        // Its passphrase is empty: it has no secret.
        `PULUMI_CONFIG_PASSPHRASE= ${move("account", outputs, "--project bootstrap --from " + backend)}`,
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
    `# ${DEFAULT_BRANCH} changes by reviewed pull requests alone: it is deployed to production, and scheduled workflows run what lies there:`,
    protectionCommand(plainName),
    "",
    "# GitHub's environments: previews are open to every branch, the others to one; production asks a reviewer (give yours):",
    ...deployed.flatMap(({ stack, branch }) => [
      `gh api --method PUT repos/${plainName}/environments/${purposeOf("preview", stack)}`,
      ...environmentCommands(plainName, purposeOf("drift", stack), DEFAULT_BRANCH),
      ...environmentCommands(plainName, stack, branch),
    ]),
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

function protectionCommand(repository: string): string {
  const rules = [
    "required_pull_request_reviews[required_approving_review_count]=1",
    "required_status_checks=null",
    "enforce_admins=false",
    "restrictions=null",
  ].map((rule) => `-F '${rule}'`);
  return `gh api --method PUT repos/${repository}/branches/${DEFAULT_BRANCH}/protection ${rules.join(" ")}`;
}

function environmentCommands(repository: string, environment: string, branch: string): string[] {
  const policy =
    "-F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'";
  const reviewers =
    environment === "production"
      ? " -F 'reviewers[][type]=User' -F \"reviewers[][id]=$(gh api user --jq .id)\""
      : "";
  return [
    `gh api --method PUT repos/${repository}/environments/${environment} ${policy}${reviewers}`,
    `gh api --method POST repos/${repository}/environments/${environment}/deployment-branch-policies -f name=${branch}`,
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
