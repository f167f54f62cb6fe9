import assert from "node:assert/strict";
import { Account } from "./account.ts";
import type { Made } from "./account.ts";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describe("the network of the stand-in cloud", () => {
  let account: Account;
  let vpc: Made;

  beforeEach(async () => {
    account = await Account.open();
    vpc = await account.make(VPC, { cidrBlock: "10.0.0.0/16" });
  });

  afterEach(() => account.close());

  it("gives ids, ARNs and side resources their shapes", async () => {
    assert.match(vpc.id, /^vpc-0[0-9a-f]{16}$/);
    assert.equal(vpc.state["arn"], `arn:aws:ec2:us-east-1:123456789012:vpc/${vpc.id}`);
    assert.match(String(vpc.state["defaultSecurityGroupId"]), /^sg-0[0-9a-f]{16}$/);
    const adopted = await account.make("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {
      vpcId: vpc.id,
    });
    assert.equal(adopted.id, vpc.state["defaultSecurityGroupId"]);
  });

  it("forms a route's id of the table and the destination as the provider does", async () => {
    const table = await account.make("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id });
    const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" };
    const made = await account.make("aws:ec2/route:Route", route);
    assert.equal(made.id, `r-${table.id}1080289494`);
    await assert.rejects(account.make("aws:ec2/route:Route", route, "again"), /RouteAlreadyExists/);
  });

  it("refuses addresses outside the VPC, overlapping ones and unknown zones", async () => {
    const subnet = { vpcId: vpc.id, availabilityZone: "us-east-1a" };
    await account.make(SUBNET, { ...subnet, cidrBlock: "10.0.0.0/24" }, "one");
    await assert.rejects(
      account.make(SUBNET, { ...subnet, cidrBlock: "10.0.0.128/25" }, "two"),
      /InvalidSubnet\.Conflict/,
    );
    await assert.rejects(
      account.make(SUBNET, { ...subnet, cidrBlock: "10.1.0.0/24" }, "three"),
      /InvalidSubnet\.Range/,
    );
    await assert.rejects(
      account.make(SUBNET, { ...subnet, cidrBlock: "10.0.1.0/24", availabilityZone: "us-east-1z" }, "four"),
      /only be created in the following availability zones: us-east-1a/,
    );
  });

  it("judges CIDR blocks at check", () => {
    assert.deepEqual(account.problems(VPC, { cidrBlock: "10.0.0.1/16" }), [
      'cidrBlock: expected an IPv4 CIDR block whose host bits are zero, e.g. 10.0.0.0/16, got "10.0.0.1/16"',
    ]);
    assert.deepEqual(account.problems(VPC, { cidrBlock: "10.0.0.0/8" }), [
      "cidrBlock: expected a netmask between /16 and /28, got /8",
    ]);
    assert.deepEqual(account.problems(VPC, {}), ["cidrBlock: give one of cidrBlock, ipv4IpamPoolId"]);
  });

  it("keeps a VPC with dependants, and lets it go without", async () => {
    const subnet = await account.make(SUBNET, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    await assert.rejects(account.remove(vpc), /DependencyViolation: The vpc 'vpc-\w+' has dependencies/);
    await account.remove(subnet);
    await account.remove(vpc);
    assert.equal(account.store.get(VPC, vpc.id), undefined);
  });

  it("refuses to make anything in a VPC that is not there", async () => {
    await assert.rejects(
      account.make(GROUP, { vpcId: "vpc-00000000000000000" }),
      /InvalidVpcID\.NotFound: The vpc ID 'vpc-00000000000000000' does not exist/,
    );
  });

  it("allows one rule once, with one source, and describes what descriptions may hold", async () => {
    const group = await account.make(GROUP, { vpcId: vpc.id });
    const rule = {
      securityGroupId: group.id,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    };
    await account.make(INGRESS, rule);
    await assert.rejects(account.make(INGRESS, rule, "again"), /InvalidPermission\.Duplicate/);
    assert.deepEqual(account.problems(INGRESS, { ...rule, cidrIpv6: "::/0", description: "the API's" }), [
      "cidrIpv6: conflicts with cidrIpv4: give only one of them",
      'description: expected only letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, got "the API\'s"',
    ]);
    assert.deepEqual(account.problems(INGRESS, { ...rule, fromPort: 444 }), [
      "toPort: expected at least fromPort (444), got 443",
    ]);
    assert.deepEqual(account.problems(INGRESS, { ...rule, ipProtocol: "-1" }), [
      'fromPort: is not allowed with ipProtocol "-1" (all traffic)',
      'toPort: is not allowed with ipProtocol "-1" (all traffic)',
    ]);
  });

  it("keeps a group that another one's rule names", async () => {
    const one = await account.make(GROUP, { vpcId: vpc.id }, "one");
    const two = await account.make(GROUP, { vpcId: vpc.id }, "two");
    const rule = { securityGroupId: two.id, ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
    const made = await account.make(INGRESS, { ...rule, referencedSecurityGroupId: one.id });
    await assert.rejects(account.remove(one), /DependencyViolation: resource sg-\w+ has a dependent object/);
    await account.remove(made);
    await account.remove(one);
  });

  it("asks for DNS in the VPC before an endpoint gets private names", async () => {
    const endpoint = {
      vpcId: vpc.id,
      serviceName: "com.amazonaws.us-east-1.logs",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
    };
    await assert.rejects(
      account.make("aws:ec2/vpcEndpoint:VpcEndpoint", endpoint),
      /Enabling private DNS requires/,
    );
    await account.update(vpc, { enableDnsHostnames: true, enableDnsSupport: true });
    await account.make("aws:ec2/vpcEndpoint:VpcEndpoint", endpoint);
  });
});
