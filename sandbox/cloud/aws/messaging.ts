import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import { arnOf, check, integer, json, lengthOf, matches, must, oneOf } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { refersTo } from "./references.ts";
import type { Reference } from "./references.ts";
import { arn, blank, byInput, text, uuid } from "./shapes.ts";

const TOPIC = "aws:sns/topic:Topic";
const QUEUE = "aws:sqs/queue:Queue";

const topic: Reference = { types: [TOPIC], by: ["arn"], missing: () => "NotFound: Topic does not exist" };
const queue: Reference = {
  types: [QUEUE],
  by: ["url", "arn"],
  missing: () => "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist.",
};

/** What an endpoint looks like, by protocol. */
const ENDPOINTS: Readonly<Record<string, readonly [RegExp, string]>> = {
  email: [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address"],
  "email-json": [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address"],
  https: [/^https:\/\/\S+$/, "a URL of https"],
  http: [/^http:\/\/\S+$/, "a URL of http"],
  sqs: [/^arn:aws[a-z-]*:sqs:/, "the ARN of a queue"],
  lambda: [/^arn:aws[a-z-]*:lambda:/, "the ARN of a function"],
  firehose: [/^arn:aws[a-z-]*:firehose:/, "the ARN of a delivery stream"],
  sms: [/^\+\d{7,15}$/, "a telephone number such as +447700900000"],
};

export const messaging: Rules = {
  [TOPIC]: {
    name: {
      property: "name",
      pattern: /^[a-zA-Z0-9_-]+(\.fifo)?$/,
      allowed: "letters, digits, hyphens and underscores",
      maxLength: 256,
      scope: "region",
      autoname: "hex",
    },
    id: (ctx) => arn(ctx, "sns", text(ctx.inputs, "name")),
    defaults: { contentBasedDeduplication: false, fifoTopic: false },
    computed: (ctx) => ({
      arn: ctx.id,
      owner: ctx.accountId,
      policy: defaultTopicPolicy(ctx),
      signatureVersion: 0,
      ...blank("beginningArchiveTime", "fifoThroughputScope", "namePrefix", "tracingConfig"),
    }),
    replaceOn: ["name", "namePrefix", "fifoTopic"],
    check: check(
      lengthOf("displayName", 0, 100),
      oneOf("signatureVersion", 1, 2),
      oneOf("tracingConfig", "PassThrough", "Active"),
      json("deliveryPolicy"),
      policyDocument("policy", "resource", 30720),
      fifoName("fifoTopic"),
    ),
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    id: byInput("arn"),
    computed: ({ accountId }) => ({ owner: accountId }),
    replaceOn: ["arn"],
    check: check(policyDocument("policy", "resource", 30720)),
    admit: refersTo({ arn: topic }),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: (ctx) => `${text(ctx.inputs, "topic")}:${uuid(ctx)}`,
    defaults: { confirmationTimeoutInMinutes: 1, endpointAutoConfirms: false, rawMessageDelivery: false },
    computed: (ctx) => ({
      arn: ctx.id,
      confirmationWasAuthenticated: !isMail(ctx.inputs),
      filterPolicyScope: "",
      ownerId: ctx.accountId,
      pendingConfirmation: isMail(ctx.inputs),
    }),
    replaceOn: ["endpoint", "protocol", "topic"],
    writeOnly: ["confirmationTimeoutInMinutes", "endpointAutoConfirms"],
    check: check(
      oneOf("protocol", ...Object.keys(ENDPOINTS), "application"),
      arnOf("topic", "sns"),
      endpointFits,
      json("filterPolicy"),
      json("redrivePolicy"),
    ),
    admit: refersTo({ topic }),
  },
  [QUEUE]: {
    name: {
      property: "name",
      pattern: /^[a-zA-Z0-9_-]+(\.fifo)?$/,
      allowed: "letters, digits, hyphens and underscores",
      maxLength: 80,
      scope: "region",
      autoname: "hex",
      taken: (name) =>
        `QueueAlreadyExists: A queue already exists with the same name and a different value for attribute: ${name}`,
    },
    id: (ctx) => `https://sqs.${ctx.region}.amazonaws.com/${ctx.accountId}/${text(ctx.inputs, "name")}`,
    defaults: {
      contentBasedDeduplication: false,
      delaySeconds: 0,
      fifoQueue: false,
      maxMessageSize: 262144,
      messageRetentionSeconds: 345600,
      receiveWaitTimeSeconds: 0,
      visibilityTimeoutSeconds: 30,
    },
    computed: (ctx) => ({
      arn: arn(ctx, "sqs", text(ctx.inputs, "name")),
      kmsDataKeyReusePeriodSeconds: 300,
      sqsManagedSseEnabled: ctx.inputs["kmsMasterKeyId"] === undefined,
      url: ctx.id,
      ...blank(
        "deduplicationScope",
        "fifoThroughputLimit",
        "namePrefix",
        "policy",
        "redriveAllowPolicy",
        "redrivePolicy",
      ),
    }),
    replaceOn: ["name", "namePrefix", "fifoQueue"],
    check: check(
      integer("delaySeconds", 0, 900),
      integer("maxMessageSize", 1024, 1048576),
      integer("messageRetentionSeconds", 60, 1209600),
      integer("receiveWaitTimeSeconds", 0, 20),
      integer("visibilityTimeoutSeconds", 0, 43200),
      integer("kmsDataKeyReusePeriodSeconds", 60, 86400),
      must(
        "redrivePolicy",
        (value) => /deadLetterTargetArn/.test(String(value)) && /maxReceiveCount/.test(String(value)),
        "JSON with deadLetterTargetArn and maxReceiveCount",
      ),
      policyDocument("policy", "resource"),
      fifoName("fifoQueue"),
      oneEncryption,
    ),
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    id: byInput("queueUrl"),
    computed: () => ({}),
    replaceOn: ["queueUrl"],
    check: check(
      policyDocument("policy", "resource"),
      matches("queueUrl", /^https:\/\//, "the URL of a queue"),
    ),
    admit: refersTo({ queueUrl: queue }),
  },
};

function isMail(inputs: Inputs): boolean {
  return text(inputs, "protocol").startsWith("email");
}

function endpointFits(inputs: Inputs): Problem[] {
  const [pattern, allowed] = ENDPOINTS[text(inputs, "protocol")] ?? [/./, ""];
  return matches("endpoint", pattern, `${allowed} for protocol ${text(inputs, "protocol")}`)(inputs);
}

function fifoName(property: string) {
  return (inputs: Inputs): Problem[] =>
    typeof inputs["name"] === "string" && (inputs[property] === true) !== inputs["name"].endsWith(".fifo")
      ? [
          {
            property: "name",
            reason: `must end in .fifo exactly when ${property} is true, got "${inputs["name"]}"`,
          },
        ]
      : [];
}

function oneEncryption(inputs: Inputs): Problem[] {
  return inputs["sqsManagedSseEnabled"] === true && inputs["kmsMasterKeyId"] !== undefined
    ? [{ property: "sqsManagedSseEnabled", reason: "conflicts with kmsMasterKeyId: give only one of them" }]
    : [];
}

function defaultTopicPolicy(ctx: Context): string {
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: ctx.id,
        Condition: { StringEquals: { "AWS:SourceOwner": ctx.accountId } },
      },
    ],
  });
}
