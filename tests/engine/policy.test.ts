import assert from "node:assert/strict";
import { Project, refused, succeeded } from "./harness.ts";

const network = `
const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" });
new aws.ec2.DefaultSecurityGroup("default", { vpcId: vpc.id });
new aws.ec2.FlowLog("flow", { vpcId: vpc.id, trafficType: "ALL", logDestinationType: "s3", logDestination: "arn:aws:s3:::flow" });
const group = new aws.ec2.SecurityGroup("server", { vpcId: vpc.id, description: "A server" });
const rule = (source) =>
  new aws.vpc.SecurityGroupIngressRule("ssh", {
    securityGroupId: group.id,
    description: "Administration",
    ipProtocol: "tcp",
    fromPort: 22,
    toPort: 22,
    cidrIpv4: source,
  });
`;

describe("the policy pack as a gate", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.small(`${network} rule("0.0.0.0/0");`);
  });
  after(() => project.remove());

  const violation = /\[mandatory\]\s+security\.\S*|mandatory/;

  it("stops an update before anything is made", async () => {
    const ended = refused(await project.sandbox("up", "--yes", "--non-interactive", "--stack", "one"));
    assert.match(ended.stdout, violation);
    assert.match(ended.stdout, /0\.0\.0\.0\/0/);
    assert.deepEqual(project.cloud(), []);
    assert.deepEqual((await project.state("one")).resources, []);
  });

  it("stops npm start, which says which policy and which resource", async () => {
    const { stdout } = refused(await project.start());
    assert.match(stdout, /✖ one: up failed/);
    assert.match(stdout, /mandatory .*SecurityGroupIngressRule ssh/);
    assert.ok(project.cloud().every(({ type }) => !type.endsWith(":SecurityGroupIngressRule")));
  });

  it("lets the update through when the program is mended", async () => {
    await project.program(`${network} rule("10.0.0.0/16");`);
    const { stdout } = succeeded(await project.start());
    assert.match(stdout, /policies, no violations/);
    assert.ok(project.cloud().some(({ type }) => type.endsWith(":SecurityGroupIngressRule")));
  });
});
