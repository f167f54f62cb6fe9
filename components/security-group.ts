import type * as awsTypes from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

/** The arguments of {@link securityGroup}. */
export interface SecurityGroupArgs {
  vpcId: pulumi.Input<string>;
  /** Whose traffic it guards. AWS replaces the group when this changes. */
  description: string;
}

/**
 * A security group without a single rule: nothing in, nothing out. Rules come from {@link Connection} and from the few
 * standalone rules that face the internet. Costs nothing; a new description or VPC replaces it.
 */
export function securityGroup(
  name: string,
  args: SecurityGroupArgs,
  opts: pulumi.CustomResourceOptions,
): awsTypes.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(name, args, opts);
}
