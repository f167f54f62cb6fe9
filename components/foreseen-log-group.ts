import type * as awsTypes from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

/** The arguments of {@link foreseenLogGroup}. */
export interface ForeseenLogGroupArgs {
  /** The name under which the service will look for it. */
  name: pulumi.Input<string>;
  /** Days, one of those that CloudWatch offers. */
  retentionDays: number;
  kmsKeyArn: pulumi.Input<string>;
}

/**
 * A log group that an AWS service would otherwise create by itself at its first line, without encryption and kept for ever.
 * It must stand before the service starts to write, and outlives it: it stays when it leaves the program.
 */
export function foreseenLogGroup(
  logicalName: string,
  { name, retentionDays, kmsKeyArn }: ForeseenLogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): awsTypes.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    logicalName,
    { name, retentionInDays: retentionDays, kmsKeyId: kmsKeyArn },
    { ...opts, retainOnDelete: true },
  );
}
