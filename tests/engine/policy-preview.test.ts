import assert from "node:assert/strict";
import { join } from "node:path";
import { checkout, printed, Project, refused } from "./harness.ts";

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

/** A secret that the program hands out, as it is and without its mark. */
const talkative = `
import * as random from "@pulumi/random";
const password = new random.RandomPassword("key", { length: 24, special: false });
export const address = pulumi.interpolate\`postgres://app:\${password.result}@database/app\`;
export const plain = pulumi.unsecret(password.result);
export const region = "eu-west-1";
`;

/** The program's own guard, in front of a pack that says nothing more. */
const guarded = `
import { keepSecretsOutOfSight } from ${JSON.stringify(join(checkout, "stacks/plain-sight.ts"))};
keepSecretsOutOfSight();
const note = pulumi.secret("correct-horse-battery");
new aws.sqs.Queue("leaky", { tags: { note } });
new aws.sqs.Queue("well", { tags: { note: "none" } });
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
      "low (aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule): source is 0.0.0.0/2 on tcp 5432, which adds up to the world with what else server lets in",
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
    assert.doesNotMatch(stdout, /egress waits for/, "what comes in says nothing about what goes out");
    assert.doesNotMatch(stdout, /correct-horse/);
  });

  it("shows no secret that the program's own guard refuses: the registration fails before the engine has it", async () => {
    await project.program(guarded);
    const ended = refused(await project.sandbox("preview", "--non-interactive", "--stack", "one"));
    const told = printed(ended).replaceAll(/\s+/g, " ");
    assert.match(told, /leaky \(aws:sqs\/queue:Queue\): tags holds a secret, and everybody who may look at/);
    assert.doesNotMatch(told, /well \(aws:sqs\/queue:Queue\): tags holds/);
    assert.doesNotMatch(told, /\+ aws:sqs:Queue leaky/);
    assert.doesNotMatch(told, /correct-horse/);
  });

  it("refuses in the update what its outputs tell of a secret, with its mark and without", async () => {
    await project.program(talkative);
    const flags = ["--yes", "--skip-preview", "--non-interactive", "--stack", "one"];
    const told = refused(await project.sandbox("up", ...flags)).stdout.replaceAll(/\s+/g, " ");
    for (const output of ["address", "plain"])
      assert.ok(told.includes(`(pulumi:pulumi:Stack): ${output} is text that holds a secret's value`), told);
    assert.doesNotMatch(told, /: region is text/);
  });
});
