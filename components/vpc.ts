import type * as awsTypes from "@pulumi/aws";
import { Vpc as AwsxVpc } from "@pulumi/awsx/ec2/vpc.js";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import type { ListeningPeer } from "./connection.ts";
import { FlowLogs } from "./flow-logs.ts";
import { isolate } from "./isolation.ts";
import { securityGroup } from "./security-group.ts";
import { assertVpcArgs, zoneMask } from "./vpc-layout.ts";

/** An AWS service that the VPC can reach without the internet. */
export type EndpointService = "ecr.api" | "ecr.dkr" | "elasticache" | "logs" | "secretsmanager" | "kms";

/** The arguments of {@link Vpc}. Plain values, since they decide how many resources there are. */
export interface VpcArgs {
  /** The VPC's addresses, /16 to /20, aligned: `10.0.0.0/16`. A change replaces everything in the VPC. */
  cidrBlock: string;
  /** Availability zones, 2 to 6. More zones than the block has room for are refused; see {@link zoneMask}. */
  zones: number;
  /** The zones by name, as many as `zones`. @default - the region's first ones */
  zoneNames?: string[];
  /**
   * How private subnets reach the internet: not at all, through one gateway (whose zone's failure cuts off all), or
   * through one in each zone.
   */
  natGateways: "none" | "single" | "perZone";
  /** Services reached by an interface endpoint in each private subnet. S3 always has its (free) gateway endpoint. */
  interfaceEndpoints: EndpointService[];
  /** @default - none, which leaves an intrusion without a trace */
  flowLogs?: {
    /** Days, one that CloudWatch Logs knows. */
    retentionDays: number;
    kmsKeyArn: pulumi.Input<string>;
  };
  region: string;
  accountId: pulumi.Input<string>;
}

const natStrategies = { none: "None", single: "Single", perZone: "OnePerAz" } as const;

/**
 * The network: in each zone a public /24, a private /24 and an isolated /28 subnet; an internet gateway, NAT gateways as
 * asked, the S3 gateway endpoint and the interface endpoints asked for; encrypted flow logs. The default security group
 * is adopted and empty, and isolated subnets talk to private ones only.
 *
 * Costs per month (730 h): a NAT gateway USD 32.85 and its address 3.65, plus 0.045 per GB; an interface endpoint
 * USD 7.30 per zone, plus 0.01 per GB; flow logs USD 0.50 per GB. The rest is free.
 *
 * A change of `cidrBlock` or `zoneNames` replaces subnets and all that lives in them. More `zones` only add: every zone
 * has its fixed share of the block.
 */
export class Vpc extends pulumi.ComponentResource {
  public readonly vpcId: pulumi.Output<string>;
  public readonly cidrBlock: string;
  /** One per zone, in the zones' order. */
  public readonly publicSubnetIds: pulumi.Output<string[]>;
  /** One per zone: out to the internet through NAT, if at all. */
  public readonly privateSubnetIds: pulumi.Output<string[]>;
  /** One per zone: no way out, and in from private subnets only. */
  public readonly isolatedSubnetIds: pulumi.Output<string[]>;
  /** What to {@link connect} to for the interface endpoints, where there are any. */
  public readonly endpoints?: ListeningPeer;
  /** The prefix list of S3, for egress rules towards the gateway endpoint. */
  public readonly s3PrefixListId: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: VpcArgs, opts?: pulumi.ComponentResourceOptions) {
    assertVpcArgs(name, args);
    super("macro-ai:components:Vpc", name, {}, opts);
    const vpc = this.createVpc(name, args);
    this.vpcId = vpc.vpcId;
    this.cidrBlock = args.cidrBlock;
    this.publicSubnetIds = vpc.publicSubnetIds;
    this.privateSubnetIds = vpc.privateSubnetIds;
    this.isolatedSubnetIds = vpc.isolatedSubnetIds;
    this.s3PrefixListId = s3PrefixList(vpc);
    const endpoints = this.createEndpoints(name, args);
    if (endpoints) this.endpoints = endpoints;
    // Adopts the VPC's default group: declared without rules, it loses those that AWS gave it.
    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: this.vpcId }, { parent: this });
    isolate(`${name}-isolated`, { vpc, zones: args.zones }, { parent: this });
    if (args.flowLogs) {
      const { region, accountId } = args;
      new FlowLogs(
        `${name}-flow`,
        { vpcId: this.vpcId, ...args.flowLogs, region, accountId },
        { parent: this },
      );
    }
    this.registerOutputs({
      vpcId: this.vpcId,
      cidrBlock: this.cidrBlock,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      isolatedSubnetIds: this.isolatedSubnetIds,
      s3PrefixListId: this.s3PrefixListId,
    });
  }

  private createVpc(name: string, args: VpcArgs): AwsxVpc {
    return new AwsxVpc(
      name,
      {
        cidrBlock: args.cidrBlock,
        ...(args.zoneNames
          ? { availabilityZoneNames: args.zoneNames }
          : { numberOfAvailabilityZones: args.zones }),
        // Without it awsx divides the block by the number of zones, and a new zone renumbers the old ones.
        availabilityZoneCidrMask: zoneMask(args.cidrBlock),
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: "Public", cidrMask: 24 },
          { type: "Private", cidrMask: 24 },
          { type: "Isolated", cidrMask: 28 },
        ],
        natGateways: { strategy: natStrategies[args.natGateways] },
        enableDnsHostnames: true,
        enableDnsSupport: true,
        vpcEndpointStrategy: "Auto",
        vpcEndpointSpecs: [{ serviceName: `com.amazonaws.${args.region}.s3`, vpcEndpointType: "Gateway" }],
      },
      { parent: this, transforms: [withoutPublicAddresses] },
    );
  }

  private createEndpoints(name: string, args: VpcArgs): ListeningPeer | undefined {
    if (args.interfaceEndpoints.length === 0) return undefined;
    const group = securityGroup(
      `${name}-endpoints`,
      { vpcId: this.vpcId, description: "Interface endpoints of AWS services" },
      { parent: this },
    );
    for (const service of args.interfaceEndpoints) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service.replace(".", "-")}`,
        {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${args.region}.${service}`,
          vpcEndpointType: "Interface",
          subnetIds: this.privateSubnetIds,
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
        },
        { parent: this },
      );
    }
    return { label: "AWS endpoints", securityGroupId: group.id, port: 443 };
  }
}

/** Load balancers and NAT gateways bring their own addresses; whatever else lands in a public subnet gets none. */
const withoutPublicAddresses: pulumi.ResourceTransform = ({ type, props, opts }) =>
  type === "aws:ec2/subnet:Subnet"
    ? { props: { ...(props as awsTypes.ec2.SubnetArgs), mapPublicIpOnLaunch: false }, opts }
    : undefined;

function s3PrefixList(vpc: AwsxVpc): pulumi.Output<string> {
  return vpc.vpcEndpoints.apply(([s3]) => {
    if (!s3) throw new Error("The VPC has no S3 gateway endpoint, although one was asked for.");
    return s3.prefixListId;
  });
}
