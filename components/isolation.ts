import type { Vpc as AwsxVpc } from "@pulumi/awsx/ec2/vpc.js";
import type * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

/** The arguments of {@link isolate}. */
export interface IsolationArgs {
  vpc: AwsxVpc;
  /** How many zones the VPC has. */
  zones: number;
}

/**
 * Access control lists keep no state: answers need a rule of their own, to the ports that clients choose. Databases and
 * caches listen within the same range.
 */
const unprivileged = { fromPort: 1024, toPort: 65535 };

/**
 * Closes the isolated subnets to all but the private ones: a network ACL with one rule in and one rule out for each private
 * subnet. Security groups decide the ports; this holds even if one of them is opened by mistake. Free. A further zone adds
 * its two rules and touches no other.
 */
export function isolate(name: string, args: IsolationArgs, opts: pulumi.CustomResourceOptions): void {
  const acl = new aws.ec2.NetworkAcl(
    name,
    { vpcId: args.vpc.vpcId, subnetIds: args.vpc.isolatedSubnetIds },
    opts,
  );
  for (let zone = 0; zone < args.zones; zone++) {
    for (const [direction, egress] of [
      ["in", false],
      ["out", true],
    ] as const) {
      new aws.ec2.NetworkAclRule(
        `${name}-${direction}-${zone + 1}`,
        {
          networkAclId: acl.id,
          ruleNumber: 100 + zone,
          egress,
          protocol: "tcp",
          ruleAction: "allow",
          cidrBlock: privateBlock(args.vpc, zone),
          ...unprivileged,
        },
        opts,
      );
    }
  }
}

function privateBlock(vpc: AwsxVpc, zone: number): pulumi.Output<string> {
  return vpc.privateSubnets.apply((subnets) => {
    const subnet = subnets[zone];
    if (!subnet) throw new Error(`The VPC has no private subnet in zone ${zone + 1} of ${subnets.length}.`);
    return subnet.cidrBlock;
  });
}
