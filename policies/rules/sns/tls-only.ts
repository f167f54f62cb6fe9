import type { StackRule } from "../../core/rule.ts";
import { withoutTlsOnly } from "../../core/tls-only.ts";

export const topicTlsOnly: StackRule = {
  name: "sns-tls-only",
  description: "Topics turn away messages without TLS.",
  severity: "medium",
  references: ["AwsSolutions-SNS3"],
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
  checkStack: (graph) =>
    withoutTlsOnly(graph, {
      types: ["aws:sns/topic:Topic"],
      action: "sns:Publish",
      policyTypes: ["aws:sns/topicPolicy:TopicPolicy"],
      property: "arn",
    }),
};
