import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import {
  PolicyDocument,
  policyJson,
  statementProblems,
  type Conditions,
  type Statement,
} from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** The arguments of {@link Role}. */
export interface RoleArgs {
  /** What the role is for, in a sentence; IAM shows it. */
  description: string;
  /** The service that assumes it, for example `ecs-tasks.amazonaws.com`. */
  service: string;
  /** Narrows who in that service may assume it, for example to this account. @default - unconditional */
  trustConditions?: Conditions;
  /** What it may do. An empty list makes a role without permissions. */
  statements: Statement[];
}

/**
 * An IAM role for one purpose: its trust policy and one inline policy, which is a {@link PolicyDocument}. Inline, because
 * a policy that serves one role should live and die with it. Costs nothing. Changing `service` updates the role in
 * place; a new name replaces it.
 */
export class Role extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly name: pulumi.Output<string>;
  /**
   * The ARN, known only once the permissions are attached. A resource that assumes the role as soon as it exists must
   * take this one, else it starts before it may do anything.
   */
  public readonly readyArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Role", name, problems(args));
    super("macro-ai:components:Role", name, {}, opts);
    const role = this.createRole(name, args);
    const policy = this.createPolicy(name, args, role);
    this.arn = role.arn;
    this.name = role.name;
    this.readyArn = policy ? pulumi.all([role.arn, policy.id]).apply(([arn]) => arn) : role.arn;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }

  private createRole(name: string, args: RoleArgs): awsTypes.iam.Role {
    const trust: Statement = {
      sid: "AssumedByService",
      actions: ["sts:AssumeRole"],
      principals: { Service: args.service },
    };
    const { description, trustConditions } = args;
    if (trustConditions === undefined)
      return new aws.iam.Role(name, { description, assumeRolePolicy: policyJson([trust]) }, { parent: this });
    // A condition may hold an ARN of the stack.
    const statements = [{ ...trust, conditions: trustConditions }];
    const document = new PolicyDocument(`${name}-trust`, { statements }, { parent: this });
    return new aws.iam.Role(name, { description, assumeRolePolicy: document.json }, { parent: document });
  }

  private createPolicy(
    name: string,
    args: RoleArgs,
    role: awsTypes.iam.Role,
  ): awsTypes.iam.RolePolicy | undefined {
    if (args.statements.length === 0) return undefined;
    const document = new PolicyDocument(
      `${name}-permissions`,
      { statements: args.statements },
      { parent: this },
    );
    return new aws.iam.RolePolicy(name, { role: role.name, policy: document.json }, { parent: document });
  }
}

/** Source: IAM API reference, CreateRole. */
function problems({ description, service, statements }: RoleArgs): Problem[] {
  return [
    ...broken([
      {
        path: "description",
        holds: description.length >= 1 && description.length <= 1000,
        message: `has ${description.length} characters; say in 1 to 1000 what the role is for`,
      },
      {
        path: "service",
        holds: /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(service),
        message: `is "${service}"; name a service by its principal, like "ecs-tasks.amazonaws.com"`,
      },
    ]),
    ...statementProblems("statements", statements),
  ];
}
