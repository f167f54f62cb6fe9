import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { denyPlaintext, PolicyDocument, type Statement } from "./policy-document.ts";
import { useKey } from "./use-key.ts";

/** What a component needs to know of a queue that it sends to but does not own. */
export interface DeadLetterQueue {
  name: pulumi.Input<string>;
  arn: pulumi.Input<string>;
}

/**
 * An encrypted queue for what functions could not process, kept for 14 days, the most there is. Free while it is empty.
 */
export function deadLetterQueue(
  name: string,
  { kmsKeyArn }: { kmsKeyArn: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): awsTypes.sqs.Queue {
  const queue = new aws.sqs.Queue(
    name,
    { kmsMasterKeyId: kmsKeyArn, messageRetentionSeconds: 14 * 24 * 60 * 60 },
    opts,
  );
  const document = new PolicyDocument(
    `${name}-policy`,
    { statements: [denyPlaintext(["sqs:*"], [queue.arn])] },
    opts,
  );
  new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy: document.json }, { parent: document });
  return queue;
}

/** Lets a function's role send to the queue. */
export function deadLetterStatements(
  queueArn: pulumi.Input<string>,
  key: { kmsKeyArn: pulumi.Input<string>; region: string },
): Statement[] {
  return [
    { sid: "SendDeadLetters", actions: ["sqs:SendMessage"], resources: [queueArn] },
    useKey("EncryptDeadLetters", ["kms:Decrypt", "kms:GenerateDataKey"], "sqs", key),
  ];
}
