import type * as pulumi from "@pulumi/pulumi";
import { EncryptionKey } from "../components/encryption-key.ts";
import type { StackConfig } from "./config.ts";

/** Where CloudFront's firewall, logs, metrics and certificate lie, wherever the stack is. */
export const edgeRegion = "us-east-1";

/** A key for what lies there: a key serves only its own region. In that region it is the stack's shared one. */
export function edgeKeyArn(
  config: StackConfig,
  { accountId, kmsKeyArn }: { accountId: pulumi.Output<string>; kmsKeyArn: pulumi.Output<string> },
): pulumi.Output<string> {
  if (config.region === edgeRegion) return kmsKeyArn;
  const key = new EncryptionKey(
    "edge-key",
    {
      description: "What must lie in us-east-1: the logs of CloudFront and its firewall, their alarms",
      accountId,
      region: edgeRegion,
      services: ["cloudwatch", "events", "logs"],
      deletionWindowDays: config.traits.keyDeletionDays,
    },
    { protect: config.deletionProtection },
  );
  return key.arn;
}
