import * as pulumi from "@pulumi/pulumi";
import { aws } from "../components/aws.ts";
import { PolicyDocument, type Statement } from "../components/policy-document.ts";

export const ISSUER = "token.actions.githubusercontent.com";
export const AUDIENCE = "sts.amazonaws.com";

/** The arguments of {@link FederatedRole}. */
export interface FederatedRoleArgs {
  /** What the role is for, in a sentence; IAM shows it. */
  description: string;
  providerArn: pulumi.Input<string>;
  /** The subjects of GitHub's tokens that may assume it, without wildcards: `repo:owner/name:environment:production`. */
  subjects: string[];
  /** Each becomes a managed policy of its own: together they are too long for one. */
  policies: Record<string, Statement[]>;
  /** Seconds that a session may last, 3600 to 43200. */
  sessionSeconds: number;
}

/** A role that GitHub's workflows assume by OIDC, without stored keys. Costs nothing. A new name replaces it. */
export class FederatedRole extends pulumi.ComponentResource {
  /** Known only once the permissions are attached. */
  public readonly readyArn: pulumi.Output<string>;

  constructor(name: string, args: FederatedRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("macro-ai:bootstrap:FederatedRole", name, {}, opts);
    const trust: Statement = {
      sid: "AssumedByWorkflows",
      actions: ["sts:AssumeRoleWithWebIdentity"],
      principals: { Federated: args.providerArn },
      conditions: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: args.subjects } },
    };
    const trustDocument = new PolicyDocument(`${name}-trust`, { statements: [trust] }, { parent: this });
    const role = new aws.iam.Role(
      name,
      {
        // Workflows name it: a name that Pulumi draws would change with each replacement.
        name: `macro-ai-${name}`,
        description: args.description,
        assumeRolePolicy: trustDocument.json,
        maxSessionDuration: args.sessionSeconds,
      },
      { parent: trustDocument },
    );
    const attachments = Object.entries(args.policies).map(([part, statements]) => {
      const title = `${name}-${part}`;
      const document = new PolicyDocument(title, { statements }, { parent: this });
      const policy = new aws.iam.Policy(
        title,
        { description: `${args.description}: ${part}`, policy: document.json },
        { parent: document },
      );
      return new aws.iam.RolePolicyAttachment(
        title,
        { role: role.name, policyArn: policy.arn },
        { parent: this },
      );
    });
    this.readyArn = pulumi.all([role.arn, pulumi.all(attachments.map(({ id }) => id))]).apply(([arn]) => arn);
    this.registerOutputs({ arn: this.readyArn });
  }
}

/** A managed policy that bounds other roles and is attached to none. */
export function boundaryPolicy(
  name: string,
  args: { description: string; statements: Statement[] },
  opts: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  const document = new PolicyDocument(name, { statements: args.statements }, opts);
  const { arn } = new aws.iam.Policy(
    name,
    // Stacks name it in their configuration.
    { name: `macro-ai-${name}`, description: args.description, policy: document.json },
    { ...opts, parent: document },
  );
  return arn;
}
