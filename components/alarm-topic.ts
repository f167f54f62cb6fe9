import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { denyPlaintext, PolicyDocument, type Statement } from "./policy-document.ts";

/** The arguments of {@link alarmTopic}. */
export interface AlarmTopicArgs {
  /** A key of the topic's region. */
  kmsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
  /** @default - nobody */
  email?: string;
}

/**
 * An encrypted SNS topic to which AWS's services may publish for this account, over TLS only, and which mails on. Returns
 * its ARN, known only once they may, so that what publishes as soon as it is made loses nothing.
 */
export function alarmTopic(
  name: string,
  args: AlarmTopicArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { region } = args;
  const topic = new aws.sns.Topic(name, { kmsMasterKeyId: args.kmsKeyArn, region }, opts);
  const document = new PolicyDocument(
    `${name}-topic-policy`,
    { statements: statements(topic.arn, args.accountId) },
    opts,
  );
  const policy = new aws.sns.TopicPolicy(
    name,
    { arn: topic.arn, policy: document.json, region },
    { parent: document },
  );
  if (args.email !== undefined) {
    new aws.sns.TopicSubscription(
      `${name}-email`,
      { topic: topic.arn, protocol: "email", endpoint: args.email, region },
      opts,
    );
  }
  return pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
}

function statements(topicArn: pulumi.Output<string>, accountId: pulumi.Input<string>): Statement[] {
  return [
    {
      sid: "ServicesPublish",
      principals: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
      actions: ["sns:Publish"],
      resources: [topicArn],
      conditions: { StringEquals: { "aws:SourceAccount": accountId } },
    },
    {
      // EventBridge names the rule, not the account (EventBridge User Guide, "Amazon SNS permissions").
      sid: "EventsPublish",
      principals: { Service: "events.amazonaws.com" },
      actions: ["sns:Publish"],
      resources: [topicArn],
      conditions: { ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:events:*:${accountId}:rule/*` } },
    },
    denyPlaintext(["sns:Publish"], [topicArn]),
  ];
}
