import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { dashboardBody } from "./alarms/dashboard.ts";
import { aws } from "./aws.ts";
import { denyPlaintext, PolicyDocument, type Statement } from "./policy-document.ts";
import { throwProblems, type Problem } from "./problems.ts";

/** The arguments of {@link Alarms}. */
export interface AlarmsArgs {
  /** Must let cloudwatch.amazonaws.com, budgets.amazonaws.com and events.amazonaws.com encrypt. */
  kmsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** A plain value: the dashboard and its URL name it. */
  region: string;
  /** Who is written to; AWS asks them to confirm first. @default - nobody, the alarms only show on the dashboard */
  email?: string;
  definitions: AlarmDefinition[];
  /** A page with one heading per alarm name; each description links to its own. @default - no link */
  runbookUrl?: string;
  /** Letters, digits, hyphens and underscores; unique in the account. @default - project and stack */
  dashboardName?: string;
}

/** AWS cuts no description short; it refuses a longer one. */
const MAX_DESCRIPTION_LENGTH = 1024;

const COMPARISONS: Record<AlarmDefinition["comparison"], string> = {
  above: "GreaterThanThreshold",
  aboveOrEqual: "GreaterThanOrEqualToThreshold",
  below: "LessThanThreshold",
  belowOrEqual: "LessThanOrEqualToThreshold",
};

/**
 * Where alarms go: an encrypted SNS topic with an e-mail subscription, one metric alarm for each definition, and one
 * dashboard of the same definitions. USD 0.10 a month for each alarm of a period of 60 s or more, 3 for the dashboard
 * (the first three in an account are free). Changing `email` replaces the subscription, which must be confirmed anew.
 */
export class Alarms extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;
  public readonly dashboardName: pulumi.Output<string>;
  public readonly dashboardUrl: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Alarms", name, problems(args));
    super("macro-ai:components:Alarms", name, {}, opts);
    const topic = this.createTopic(name, args);
    const alarms = args.definitions.map((definition) => this.createAlarm(name, definition, topic.arn, args));
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: args.dashboardName ?? dashboardNameOf(pulumi.getProject(), pulumi.getStack()),
        dashboardBody: pulumi.jsonStringify(
          dashboardBody(
            args.region,
            args.definitions,
            alarms.map((alarm) => alarm.arn),
          ),
        ),
      },
      { parent: this },
    );
    this.topicArn = topic.arn;
    this.dashboardName = dashboard.dashboardName;
    this.dashboardUrl = pulumi.interpolate`https://${args.region}.console.aws.amazon.com/cloudwatch/home?region=${args.region}#dashboards/dashboard/${this.dashboardName}`;
    this.registerOutputs({
      topicArn: this.topicArn,
      dashboardName: this.dashboardName,
      dashboardUrl: this.dashboardUrl,
    });
  }

  private createTopic(name: string, args: AlarmsArgs): awsTypes.sns.Topic {
    const topic = new aws.sns.Topic(name, { kmsMasterKeyId: args.kmsKeyArn }, { parent: this });
    const document = new PolicyDocument(
      `${name}-topic-policy`,
      { statements: topicStatements(topic.arn, args.accountId) },
      { parent: this },
    );
    new aws.sns.TopicPolicy(name, { arn: topic.arn, policy: document.json }, { parent: document });
    if (args.email !== undefined) {
      new aws.sns.TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: args.email },
        { parent: this },
      );
    }
    return topic;
  }

  private createAlarm(
    name: string,
    definition: AlarmDefinition,
    topicArn: pulumi.Output<string>,
    args: AlarmsArgs,
  ): awsTypes.cloudwatch.MetricAlarm {
    const { metric } = definition;
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${definition.name}`,
      {
        alarmDescription: describe(definition, args.runbookUrl),
        namespace: metric.namespace,
        metricName: metric.metricName,
        dimensions: metric.dimensions,
        ...statistic(metric.statistic),
        period: metric.periodSeconds,
        comparisonOperator: COMPARISONS[definition.comparison],
        threshold: definition.threshold,
        evaluationPeriods: definition.evaluationPeriods,
        datapointsToAlarm: definition.datapointsToAlarm ?? definition.evaluationPeriods,
        treatMissingData: definition.missingData ?? "notBreaching",
        alarmActions: [topicArn],
        okActions: [topicArn],
      },
      { parent: this },
    );
  }
}

/** CloudWatch takes percentiles in a property of their own; too few samples say nothing about a percentile. */
function statistic(name: string): Partial<awsTypes.cloudwatch.MetricAlarmArgs> {
  return /^p\d/.test(name)
    ? { extendedStatistic: name, evaluateLowSampleCountPercentiles: "ignore" }
    : { statistic: name };
}

function describe(definition: AlarmDefinition, runbookUrl: string | undefined): string {
  return runbookUrl === undefined
    ? definition.description
    : `${definition.description} Runbook: ${runbookUrl}#${definition.name}`;
}

/** Stack names may hold dots and be long; dashboards' names may not. */
function dashboardNameOf(project: string, stack: string): string {
  return `${project}-${stack}`.replace(/[^\w-]/g, "-").slice(0, 255);
}

function topicStatements(topicArn: pulumi.Output<string>, accountId: pulumi.Input<string>): Statement[] {
  return [
    {
      sid: "ServicesPublish",
      principals: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
      actions: ["sns:Publish"],
      resources: [topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    {
      // EventBridge names the rule, not the account (EventBridge User Guide, "Amazon SNS permissions").
      sid: "EventsPublish",
      principals: { Service: "events.amazonaws.com" },
      actions: ["sns:Publish"],
      resources: [topicArn],
      conditions: { ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:events:*:${accountId}:rule/*` } },
    },
    denyPlaintext(["sns:Publish"], [topicArn]),
  ];
}

function problems(args: AlarmsArgs): Problem[] {
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, definition] of args.definitions.entries()) {
    const path = `definitions[${index}]`;
    if (seen.has(definition.name)) {
      found.push({
        path: `${path}.name`,
        message: `is "${definition.name}", as another's; each alarm needs its own`,
      });
    }
    seen.add(definition.name);
    const { length } = describe(definition, args.runbookUrl);
    if (length > MAX_DESCRIPTION_LENGTH) {
      found.push({
        path: `${path}.description`,
        message: `has ${length} characters with its runbook link; CloudWatch allows ${MAX_DESCRIPTION_LENGTH}`,
      });
    }
    const { periodSeconds } = definition.metric;
    if (periodSeconds < 60 || periodSeconds % 60 !== 0) {
      found.push({
        path: `${path}.metric.periodSeconds`,
        message: `is ${periodSeconds}; give 60 or a multiple of it`,
      });
    }
    if ((definition.datapointsToAlarm ?? 1) > definition.evaluationPeriods) {
      found.push({
        path: `${path}.datapointsToAlarm`,
        message: `is more than the ${definition.evaluationPeriods} evaluationPeriods`,
      });
    }
  }
  if (args.dashboardName !== undefined && !/^[\w-]{1,255}$/.test(args.dashboardName)) {
    found.push({
      path: "dashboardName",
      message: `is "${args.dashboardName}"; use up to 255 letters, digits, hyphens and underscores`,
    });
  }
  return found;
}
