import type { StackRule } from "../../core/rule.ts";
import { withoutTlsOnly } from "../../core/tls-only.ts";

export const topicTlsOnly: StackRule = {
  name: "sns-tls-only",
  description: "Topics turn away messages without TLS.",
  severity: "medium",
  group: "encryption",
  references: ["AwsSolutions-SNS3"],
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
  types: ["aws:sns/topic:Topic"],
  judge: (resource, graph) =>
    withoutTlsOnly(resource, graph, {
      action: "sns:Publish",
      policyTypes: ["aws:sns/topicPolicy:TopicPolicy"],
      property: "arn",
    }),
};
