import type * as pulumi from "@pulumi/pulumi";
import { CLOUDFRONT_REGION } from "../components/cloudfront-region.ts";
import { EncryptionKey } from "../components/encryption-key.ts";
import type { StackConfig } from "./config.ts";

/** A key for what must lie in CloudFront's region: a key serves only its own. In that region it is the stack's shared one. */
export function edgeKeyArn(
  config: StackConfig,
  { accountId, kmsKeyArn }: { accountId: pulumi.Output<string>; kmsKeyArn: pulumi.Output<string> },
): pulumi.Output<string> {
  if (config.region === CLOUDFRONT_REGION) return kmsKeyArn;
  const key = new EncryptionKey(
    "edge-key",
    {
      description: "What must lie in us-east-1: the logs of CloudFront and its firewall, their alarms",
      accountId,
      region: CLOUDFRONT_REGION,
      services: ["cloudwatch", "events", "logs"],
      deletionWindowDays: config.traits.keyDeletionDays,
    },
    { protect: config.deletionProtection },
  );
  return key.arn;
}
