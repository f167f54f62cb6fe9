import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { logGroup, retentionProblems, STREAMS } from "./log-group.ts";
import { throwProblems } from "./problems.ts";
import { Role } from "./role.ts";

/** The arguments of {@link FlowLogs}. */
export interface FlowLogsArgs {
  vpcId: pulumi.Input<string>;
  /** Days, one that CloudWatch Logs knows. */
  retentionDays: number;
  kmsKeyArn: pulumi.Input<string>;
  region: string;
  accountId: pulumi.Input<string>;
}

/**
 * The flow logs of a VPC, accepted and rejected traffic, in an encrypted log group, with the role that writes them.
 * USD 0.50 per GB taken in and 0.03 per GB and month kept. A new VPC replaces them; the log group stays when retention or
 * key change.
 */
export class FlowLogs extends pulumi.ComponentResource {
  public readonly logGroupName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("FlowLogs", name, retentionProblems("retentionDays", args.retentionDays));
    super("macro-ai:components:FlowLogs", name, {}, opts);
    const { retentionDays, kmsKeyArn } = args;
    const group = logGroup(name, { retentionDays, kmsKeyArn }, { parent: this });
    const role = new Role(
      `${name}-role`,
      {
        description: "Writes the VPC's flow logs",
        service: "vpc-flow-logs.amazonaws.com",
        // Against the confused deputy, as the VPC User Guide ("IAM role for publishing flow logs") advises.
        trustConditions: {
          StringEquals: { "aws:SourceAccount": args.accountId },
          ArnLike: {
            "aws:SourceArn": pulumi.interpolate`arn:aws:ec2:${args.region}:${args.accountId}:vpc-flow-log/*`,
          },
        },
        statements: [
          {
            sid: "WriteFlowLogs",
            actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources: [group.arn, pulumi.interpolate`${group.arn}:*`],
            wildcard: STREAMS,
          },
        ],
      },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      name,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.readyArn,
        maxAggregationInterval: 600,
      },
      { parent: this },
    );
    this.logGroupName = group.name;
    this.registerOutputs({ logGroupName: this.logGroupName });
  }
}
