import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { deadLetterAlarm, rotationAlarm } from "./alarms/rotation.ts";
import { aws } from "./aws.ts";
import { type DeadLetterQueue, deadLetterQueue } from "./dead-letters.ts";
import { logGroup, retentionProblems } from "./log-group.ts";
import type { MaintenanceSetting } from "./maintenance-function.ts";
import { throwProblems } from "./problems.ts";

/** The arguments of {@link RotationBase}. */
export interface RotationBaseArgs extends Pick<
  MaintenanceSetting,
  "region" | "accountId" | "kmsKeyArn" | "tracing" | "concurrency"
> {
  logRetentionDays: number;
  /** A queue of the stack's that somebody watches already. @default - a queue of its own, with its alarm */
  deadLetters?: DeadLetterQueue;
}

/** Below so many days the function that reminds is counted among the failures. */
export const DUE_SOON_DAYS = 14;

/**
 * What the log says when somebody has to look: a line of a function's own with the level "error"; Lambda's report of a call that
 * was cut short; a value that only a person can renew, and that is due.
 */
const NEEDS_ATTENTION = `{ ($.level = "error") || ($.record.status = "error") || ($.record.status = "failure") || ($.record.status = "timeout") || ($.DaysLeft < ${DUE_SOON_DAYS}) }`;

/**
 * What the functions share that look after a stack's secrets: an encrypted log group, a metric that counts what in it needs
 * somebody, and an encrypted dead-letter queue. One metric, since CloudWatch charges for each that an alarm reads.
 *
 * USD 0.50 per GB of log, 0.30 a month for the metric while it has values (the first ten in an account are free).
 */
export class RotationBase extends pulumi.ComponentResource {
  public readonly setting: MaintenanceSetting;
  readonly #name: string;
  readonly #metric: { namespace: string; name: string };
  /** The queue, where it is this component's. */
  readonly #queue?: awsTypes.sqs.Queue;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: RotationBaseArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("RotationBase", name, retentionProblems("logRetentionDays", args.logRetentionDays));
    super("macro-ai:components:RotationBase", name, {}, opts);
    const { logRetentionDays, deadLetters, ...common } = args;
    const log = logGroup(
      name,
      { retentionDays: logRetentionDays, kmsKeyArn: args.kmsKeyArn },
      { parent: this },
    );
    // A metric without dimensions is one for the whole account and region: its namespace tells the stacks apart.
    this.#metric = { namespace: `${pulumi.getProject()}/${pulumi.getStack()}`, name: `${name}-attention` };
    new aws.cloudwatch.LogMetricFilter(
      name,
      {
        logGroupName: log.name,
        pattern: NEEDS_ATTENTION,
        metricTransformation: { ...this.#metric, value: "1", unit: "Count" },
      },
      { parent: this },
    );
    this.#name = name;
    if (!deadLetters) this.#queue = deadLetterQueue(`${name}-dead-letters`, args, { parent: this });
    this.setting = {
      ...common,
      logGroup: { name: log.name, arn: log.arn },
      deadLetterArn: deadLetters?.arn ?? this.#ownQueue().arn,
    };
    this.registerOutputs({ logGroupName: log.name });
  }

  /** What deserves watching. */
  public alarms(): AlarmDefinition[] {
    return [
      rotationAlarm(this.#name, this.#metric),
      ...(this.#queue ? [deadLetterAlarm(this.#name, this.#queue.name)] : []),
    ];
  }

  #ownQueue(): awsTypes.sqs.Queue {
    if (!this.#queue) throw new Error("There is neither a queue of the stack's nor one of its own.");
    return this.#queue;
  }
}
