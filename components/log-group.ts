import type * as awsTypes from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import type { Problem } from "./problems.ts";

/** The arguments of {@link logGroup}. */
export interface LogGroupArgs {
  /** A name that somebody relies on; it must be free in the account and region. @default - invented */
  name?: string;
  /** For names that must begin in a given way, such as `aws-waf-logs-`. @default - none */
  namePrefix?: string;
  /** One of the periods that CloudWatch offers: see {@link retentionProblems}. */
  retentionDays: number;
  /** @default - CloudWatch's own encryption */
  kmsKeyArn?: pulumi.Input<string>;
  /** Where it lies. @default - the provider's region */
  region?: string;
}

/** What a component needs to know of a log group that it writes to but does not own. */
export interface LogDestination {
  name: pulumi.Input<string>;
  arn: pulumi.Input<string>;
}

/** Why a statement about a log group ends in a `*`. */
export const STREAMS = "The log streams of the one group, whose names the writing service invents";

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * An encrypted log group that forgets after a while. USD 0.50 per GB written, 0.03 per GB and month kept. A new name
 * or region replaces it, and its logs are gone unless the options say `retainOnDelete`.
 */
export function logGroup(
  name: string,
  args: LogGroupArgs,
  opts: pulumi.CustomResourceOptions,
): awsTypes.cloudwatch.LogGroup {
  const { retentionDays, kmsKeyArn, ...rest } = args;
  return new aws.cloudwatch.LogGroup(
    name,
    { ...rest, retentionInDays: retentionDays, ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }) },
    opts,
  );
}

/** What is wrong with a retention period, if anything. */
export function retentionProblems(path: string, days: number): Problem[] {
  if (RETENTION_DAYS.includes(days)) return [];
  return [
    { path, message: `is ${days}; CloudWatch keeps logs for one of ${RETENTION_DAYS.join(", ")} days` },
  ];
}
