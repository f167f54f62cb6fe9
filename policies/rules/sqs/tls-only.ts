import type { StackRule } from "../../core/rule.ts";
import { withoutTlsOnly } from "../../core/tls-only.ts";

const POLICY = "aws:sqs/queuePolicy:QueuePolicy";

export const queueTlsOnly: StackRule = {
  name: "sqs-tls-only",
  description: "Queues turn away requests without TLS.",
  severity: "medium",
  group: "encryption",
  references: ["AwsSolutions-SQS4"],
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
  types: ["aws:sqs/queue:Queue"],
  covers: [POLICY],
  judge: (resource, graph) =>
    withoutTlsOnly(resource, graph, { action: "sqs:*", policyTypes: [POLICY], property: "queueUrl" }),
};
