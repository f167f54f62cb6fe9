import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../components/policy-document.ts";
import { PROJECT } from "../environments.ts";
import { title } from "./title.ts";

/** The bucket of the states and the key that encrypts it and their secrets. */
export interface StateStore {
  bucketArn: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
}

export type Access = "read" | "write";

/**
 * What Pulumi's S3 backend and its `awskms` secrets provider do with one stack: its own objects, and only the secrets encrypted
 * in its name. The name is KMS's encryption context, which Pulumi takes from the provider's URL (`context_stack=production`), so
 * that one key serves all stacks and nobody who may decrypt one's secrets can decrypt another's.
 */
export function stateStatements(
  { bucketArn, keyArn }: StateStore,
  stack: string,
  access: Access,
): Statement[] {
  const writes = access === "write";
  const suffix = title(stack);
  const object = (key: string): pulumi.Output<string> => pulumi.interpolate`${bucketArn}/.pulumi/${key}`;
  const own = [
    object(`backups/${PROJECT}/${stack}/*`),
    object(`history/${PROJECT}/${stack}/*`),
    object(`locks/organization/${PROJECT}/${stack}/*`),
    object(`stacks/${PROJECT}/${stack}.json*`),
  ];
  return [
    {
      sid: `State${suffix}`,
      actions: ["s3:GetObject", ...(writes ? ["s3:DeleteObject", "s3:PutObject"] : [])],
      resources: own,
      wildcard:
        "Pulumi names locks, backups and history by what it draws; deleting leaves a version, which nobody here may delete",
    },
    {
      sid: `SecretsOf${suffix}`,
      actions: ["kms:Decrypt", ...(writes ? ["kms:Encrypt"] : [])],
      resources: [keyArn],
      conditions: { StringEquals: { "kms:EncryptionContext:stack": stack } },
    },
  ];
}

/** What every stack of the bucket needs. */
export function sharedStateStatements({ bucketArn, keyArn }: StateStore, access: Access): Statement[] {
  return [
    { sid: "ListStates", actions: ["s3:ListBucket"], resources: [bucketArn] },
    {
      sid: "ReadFormat",
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${bucketArn}/.pulumi/meta.yaml`],
    },
    {
      sid: "EncryptStates",
      actions: ["kms:Decrypt", ...(access === "write" ? ["kms:GenerateDataKey"] : [])],
      resources: [keyArn],
      // With a bucket key the context is the bucket's ARN (S3 User Guide, "Reducing the cost of SSE-KMS").
      conditions: { StringEquals: { "kms:EncryptionContext:aws:s3:arn": bucketArn } },
    },
  ];
}
