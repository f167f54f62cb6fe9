import * as pulumi from "@pulumi/pulumi";
import { STREAMS } from "./log-group.ts";
import { Role } from "./role.ts";

/** The arguments of {@link monitoringRole}. */
export interface MonitoringRoleArgs {
  region: string;
  accountId: pulumi.Input<string>;
}

/**
 * The role with which RDS publishes enhanced monitoring: what AWS's AmazonRDSEnhancedMonitoringRole grants, narrowed to the
 * one log group, this account and this region.
 */
export function monitoringRole(
  name: string,
  args: MonitoringRoleArgs,
  opts: pulumi.ComponentResourceOptions,
): Role {
  const group = pulumi.interpolate`arn:aws:logs:${args.region}:${args.accountId}:log-group:RDSOSMetrics`;
  return new Role(
    name,
    {
      description: "Publishes the database's enhanced monitoring",
      service: "monitoring.rds.amazonaws.com",
      trustConditions: { StringEquals: { "aws:SourceAccount": args.accountId } },
      statements: [
        {
          sid: "CreateLogGroup",
          actions: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
          // IAM compares some requests with the group's ARN, others with that of its streams.
          resources: [group, pulumi.interpolate`${group}:*`],
          wildcard: STREAMS,
        },
        {
          sid: "WriteMetrics",
          actions: [
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:GetLogEvents",
            "logs:PutLogEvents",
          ],
          resources: [group, pulumi.interpolate`${group}:log-stream:*`],
          wildcard: STREAMS,
        },
      ],
    },
    opts,
  );
}
