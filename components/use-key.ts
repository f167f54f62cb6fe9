import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./policy-document.ts";

/** Lets a role use a key by way of one service alone. */
export function useKey(
  sid: string,
  actions: string[],
  service: "lambda" | "secretsmanager" | "sqs",
  { kmsKeyArn, region }: { kmsKeyArn: pulumi.Input<string>; region: string },
): Statement {
  return {
    sid,
    actions,
    resources: [kmsKeyArn],
    conditions: { StringEquals: { "kms:ViaService": `${service}.${region}.amazonaws.com` } },
  };
}
