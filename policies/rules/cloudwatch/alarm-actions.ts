import type { StackRule } from "../../core/rule.ts";
import { elements, isKnown } from "../../core/unknown.ts";

/** What reads an alarm's state by itself. */
const READERS = ["aws:ecs/service:Service"];

export const alarmActions: StackRule = {
  name: "cloudwatch-alarm-actions",
  description: "Alarms tell somebody or do something.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_319", "FSBP CloudWatch.15", "FSBP CloudWatch.17"],
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
  judge: (alarm, graph) => {
    const { actionsEnabled, alarmActions: actions } = alarm.inputs;
    if (actionsEnabled === false)
      return [
        {
          property: "actionsEnabled",
          is: "false",
          must: "true",
          fix: "Set actionsEnabled to true, or leave it out.",
        },
      ];
    const isTold = !isKnown(actions) || elements(actions as string[] | undefined).length > 0;
    return isTold || graph.naming(alarm, "alarms", ...READERS).length > 0
      ? []
      : [
          {
            property: "alarmActions",
            is: "empty",
            must: "a topic, or another action",
            fix: "Set alarmActions to the ARN of an SNS topic.",
          },
        ];
  },
};
