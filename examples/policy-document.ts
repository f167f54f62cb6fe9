import { aws } from "../components/aws.ts";
import { denyPlaintext, PolicyDocument } from "../components/policy-document.ts";
import { given } from "./given.ts";

const queue = new aws.sqs.Queue("jobs", { kmsMasterKeyId: given.kmsKeyArn });
const document = new PolicyDocument("jobs-policy", { statements: [denyPlaintext(["sqs:*"], [queue.arn])] });
// The document as parent tells the policy pack which statements the queue bears.
new aws.sqs.QueuePolicy("jobs", { queueUrl: queue.url, policy: document.json }, { parent: document });
