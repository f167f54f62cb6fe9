import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition, Metric } from "./alarm-definition.ts";
import { alarmTopic } from "./alarm-topic.ts";
import { alarmProblems } from "./alarms/problems.ts";
import { dashboardBody } from "./alarms/dashboard.ts";
import { aws } from "./aws.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { withRunbook } from "./runbook.ts";

/** The arguments of {@link Alarms}. */
export interface AlarmsArgs {
  /** Must let cloudwatch.amazonaws.com, budgets.amazonaws.com and events.amazonaws.com encrypt. */
  kmsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** A plain value: the dashboard and its URL name it. */
  region: string;
  /**
   * Keys of other regions, by region. CloudFront's metrics exist in us-east-1 only, and an alarm reaches only topics of its
   * own region, so that each of these regions gets a topic and a subscription. @default - none
   */
  kmsKeyArnsElsewhere?: Record<string, pulumi.Input<string>>;
  /** Who is written to; AWS asks them to confirm first, once a region. @default - nobody, the alarms only show on the dashboard */
  email?: string;
  definitions: AlarmDefinition[];
  /** Where the runbooks can be read, without a trailing slash. @default - their path in this repository */
  runbookUrl?: string;
  /** USD 3 a month where the account has three already. @default "one" */
  dashboard?: "one" | "none";
  /** Letters, digits, hyphens and underscores; unique in the account. @default - project and stack */
  dashboardName?: string;
}

const COMPARISONS: Record<AlarmDefinition["comparison"], string> = {
  above: "GreaterThanThreshold",
  aboveOrEqual: "GreaterThanOrEqualToThreshold",
  below: "LessThanThreshold",
  belowOrEqual: "LessThanOrEqualToThreshold",
};

/**
 * Where alarms go: an encrypted SNS topic with an e-mail subscription, one metric alarm for each definition, and one
 * dashboard of the same definitions. USD 0.10 a month for each metric that an alarm reads, 3 for the dashboard (the first
 * ten and three in an account are free). Changing `email` replaces the subscription, which must be confirmed anew.
 */
export class Alarms extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;
  /** By region, the stack's own among them. */
  public readonly topicArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** Undefined where there is none. */
  public readonly dashboardName: pulumi.Output<string> | undefined;
  /** The dashboard, or, where there is none, AWS's own list of the alarms. */
  public readonly dashboardUrl: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Alarms", name, problems(args));
    super("macro-ai:components:Alarms", name, {}, opts);
    this.topicArn = alarmTopic(name, args, { parent: this });
    this.topicArns = { ...this.createTopicsElsewhere(name, args), [args.region]: this.topicArn };
    const alarms = args.definitions.map((definition) => this.createAlarm(name, definition, args));
    if (args.dashboard !== "none") this.dashboardName = this.createDashboard(name, alarms, args);
    const page =
      this.dashboardName === undefined
        ? "alarmsV2:"
        : pulumi.interpolate`dashboards/dashboard/${this.dashboardName}`;
    this.dashboardUrl = pulumi.interpolate`https://${args.region}.console.aws.amazon.com/cloudwatch/home?region=${args.region}#${page}`;
    this.registerOutputs({
      topicArn: this.topicArn,
      dashboardName: this.dashboardName,
      dashboardUrl: this.dashboardUrl,
    });
  }

  private createDashboard(
    name: string,
    alarms: awsTypes.cloudwatch.MetricAlarm[],
    args: AlarmsArgs,
  ): pulumi.Output<string> {
    const dashboardName = args.dashboardName ?? dashboardNameOf(pulumi.getProject(), pulumi.getStack());
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName,
        dashboardBody: pulumi.jsonStringify(
          dashboardBody({
            title: dashboardName,
            region: args.region,
            definitions: args.definitions,
            alarmArns: alarms.map((alarm) => alarm.arn),
            ...(args.runbookUrl !== undefined && { runbookUrl: args.runbookUrl }),
          }),
        ),
      },
      { parent: this },
    );
    return dashboard.dashboardName;
  }

  private createTopicsElsewhere(name: string, args: AlarmsArgs): Record<string, pulumi.Output<string>> {
    return Object.fromEntries(
      Object.entries(args.kmsKeyArnsElsewhere ?? {})
        .filter(([region]) => region !== args.region)
        .map(([region, kmsKeyArn]) => [
          region,
          alarmTopic(`${name}-${region}`, { ...args, kmsKeyArn, region }, { parent: this }),
        ]),
    );
  }

  private createAlarm(
    name: string,
    definition: AlarmDefinition,
    args: AlarmsArgs,
  ): awsTypes.cloudwatch.MetricAlarm {
    const region = definition.region ?? args.region;
    const actions = [this.topicArns[region] ?? this.topicArn];
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${definition.name}`,
      {
        alarmDescription: withRunbook(definition.description, definition.runbook, args.runbookUrl),
        ...watched(definition),
        comparisonOperator: COMPARISONS[definition.comparison],
        threshold: definition.threshold,
        evaluationPeriods: definition.evaluationPeriods,
        datapointsToAlarm: definition.datapointsToAlarm ?? definition.evaluationPeriods,
        treatMissingData: definition.missingData ?? "notBreaching",
        alarmActions: actions,
        okActions: actions,
        region,
      },
      { parent: this },
    );
  }
}

type AlarmPart = Partial<awsTypes.cloudwatch.MetricAlarmArgs>;

/** A metric alone, or an expression of several of which only the result counts. */
function watched({ metric, math }: AlarmDefinition): AlarmPart {
  if (!math) {
    const { namespace, metricName, dimensions, periodSeconds } = metric;
    return { namespace, metricName, dimensions, period: periodSeconds, ...statistic(metric.statistic) };
  }
  return {
    metricQueries: [
      { id: "result", expression: math.expression, label: math.label, returnData: true },
      ...Object.entries({ m: metric, ...math.others }).map(([id, each]) => ({ id, metric: query(each) })),
    ],
  };
}

function query({ namespace, metricName, dimensions, statistic: stat, periodSeconds: period }: Metric) {
  return { namespace, metricName, dimensions, stat, period };
}

/** CloudWatch takes percentiles in a property of their own; too few samples say nothing about a percentile. */
function statistic(name: string): AlarmPart {
  return /^p\d/.test(name)
    ? { extendedStatistic: name, evaluateLowSampleCountPercentiles: "ignore" }
    : { statistic: name };
}

/** Stack names may hold dots and be long; dashboards' names may not. */
function dashboardNameOf(project: string, stack: string): string {
  return `${project}-${stack}`.replace(/[^\w-]/g, "-").slice(0, 255);
}

function problems(args: AlarmsArgs): Problem[] {
  return [
    ...alarmProblems(args),
    ...broken([
      {
        path: "dashboardName",
        holds: args.dashboardName === undefined || /^[\w-]{1,255}$/.test(args.dashboardName),
        message: `is "${args.dashboardName ?? ""}"; use up to 255 letters, digits, hyphens and underscores`,
      },
    ]),
  ];
}
