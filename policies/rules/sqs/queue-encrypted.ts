import type * as aws from "@pulumi/aws";
import { expect, isCustomerKey } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const queueEncrypted: ResourceRule = {
  name: "sqs-queue-encrypted",
  description: "Queues are encrypted: they hold what a function could not process.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_27", "FSBP SQS.1"],
  url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html",
  checks: [
    check<aws.sqs.QueueArgs>("aws:sqs/queue:Queue", (queue) =>
      queue.sqsManagedSseEnabled === true
        ? []
        : expect(queue.kmsMasterKeyId, "kmsMasterKeyId", isCustomerKey),
    ),
  ],
};
