import assert from "node:assert/strict";
import { Project, refused } from "./harness.ts";

/** Each fault stands beside something that a preview cannot know. */
const program = `
const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" });
const group = new aws.ec2.SecurityGroup("server", { vpcId: vpc.id, description: "A server" });
const open = (name, port, cidrIpv4) =>
  new aws.vpc.SecurityGroupIngressRule(name, {
    securityGroupId: group.id, description: name, ipProtocol: "tcp", fromPort: port, toPort: port, cidrIpv4,
  });
open("low", 5432, "0.0.0.0/2");
open("high", 5432, "128.0.0.0/2");
open("web", 443, "0.0.0.0/0");
new aws.ec2.SecurityGroup("inline", {
  vpcId: vpc.id,
  description: "A group with an unknown rule before an open one",
  ingress: [
    { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [vpc.defaultRouteTableId] },
    { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
  ],
});
const bucket = new aws.s3.Bucket("files", {});
new aws.s3.Bucket("leaky", { tags: { note: pulumi.secret("correct-horse-battery") } });
class PolicyDocument extends pulumi.ComponentResource {
  constructor(name, statements) {
    super("macro-ai:components:PolicyDocument", name, { statements });
    this.registerOutputs({});
  }
}
new PolicyDocument("too-much", [
  { sid: "Read", actions: ["s3:GetObject"], resources: [bucket.arn] },
  { sid: "Everything", actions: ["*"], resources: [bucket.arn] },
]);
const document = new PolicyDocument("no-denial", [
  { sid: "Read", principals: { Service: "cloudfront.amazonaws.com" }, actions: ["s3:GetObject"], resources: [bucket.arn] },
]);
new aws.s3.BucketPolicy(
  "files",
  { bucket: bucket.bucket, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [], Id: bucket.arn }) },
  { parent: document },
);
`;

describe("the policy pack in a preview", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.small(program);
  });
  after(() => project.remove());

  it("finds each fault beside what it cannot know yet", async () => {
    const { stdout } = refused(await project.sandbox("preview", "--non-interactive", "--stack", "one"));
    const told = stdout.replaceAll(/\s+/g, " ");
    for (const finding of [
      "low (aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule): source is 0.0.0.0/2 on tcp 5432, which the other rules of server complete to the world",
      "high (aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule): source is 128.0.0.0/2 on tcp 5432",
      "web (aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule): source is 0.0.0.0/0 on tcp 443 of server, which guards no load balancer",
      "inline (aws:ec2/securityGroup:SecurityGroup): ingress[1] is 0.0.0.0/0 on tcp 22",
      'too-much (macro-ai:components:PolicyDocument): statements[1].actions is ["*"]',
      "files (aws:s3/bucket:Bucket): public access block is missing",
      "leaky (aws:s3/bucket:Bucket): tags.note is a secret; it must be free of secrets",
      "ec2-no-world-ingress waits for the update with 1 value(s): inline: ingress[0].cidrBlocks[0]",
      "files (aws:s3/bucket:Bucket): policy is without a statement that denies plaintext",
    ]) {
      assert.ok(told.includes(finding), `${finding}\nnot in\n${stdout}`);
    }
    assert.doesNotMatch(stdout, /can't run policy/);
    assert.doesNotMatch(stdout, /correct-horse/);
  });
});
