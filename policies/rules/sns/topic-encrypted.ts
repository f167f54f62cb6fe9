import type * as aws from "@pulumi/aws";
import { isCustomerKey, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const topicEncrypted: ResourceRule = {
  name: "sns-topic-encrypted",
  description: "Topics are encrypted with a customer-managed key, which AWS services can be let use.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_26", "FSBP SNS.1"],
  url: "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html",
  checks: [properties<aws.sns.TopicArgs>("aws:sns/topic:Topic", { kmsMasterKeyId: isCustomerKey })],
};
