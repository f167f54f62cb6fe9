import type { Invokes } from "../rule.ts";
import { lookups } from "./lookups.ts";
import { renderPolicy } from "./policy-rendering.ts";
import { elbAccountOf, zoneIdsOf, zonesOf } from "./regions.ts";
import { list, text } from "./shapes.ts";

export const invokes: Invokes = {
  ...lookups,
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
    const excluded = list(args, "excludeNames");
    const names = zonesOf(region).filter((name) => !excluded.includes(name));
    return {
      ...args,
      groupNames: [region],
      id: region,
      names,
      region,
      zoneIds: zoneIdsOf(region).filter((_, index) => names.includes(zonesOf(region)[index] ?? "")),
    };
  },
  "aws:index/getRegion:getRegion": (args, { region }) => ({
    description: `Region ${region}`,
    endpoint: `ec2.${region}.amazonaws.com`,
    id: region,
    name: region,
    region: text(args, "region", region),
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { accountId }) => ({
    accountId,
    arn: `arn:aws:iam::${accountId}:user/deployer`,
    id: accountId,
    userId: "AIDASTANDINCLOUDUSER0",
  }),
  "aws:index/getPartition:getPartition": (_, { partition }) => ({
    dnsSuffix: "amazonaws.com",
    id: partition,
    partition,
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:route53/getZone:getZone": (args, { world }) => {
    const name = text(args, "name").replace(/\.$/, "");
    const zones = world.list("aws:route53/zone:Zone");
    const own = zones.find(
      ({ id, state }) =>
        id === args["zoneId"] || (name !== "" && text(state, "name").replace(/\.$/, "") === name),
    );
    // A domain's zone is older than the program that uses it: any that is asked for is there.
    const zoneId =
      own?.id ??
      text(
        args,
        "zoneId",
        `Z${Buffer.from(name).toString("hex").toUpperCase().padEnd(20, "0").slice(0, 20)}`,
      );
    return {
      arn: `arn:aws:route53:::hostedzone/${zoneId}`,
      callerReference: "stand-in",
      comment: "",
      enableAcceleratedRecovery: false,
      id: zoneId,
      linkedServiceDescription: "",
      linkedServicePrincipal: "",
      name: name === "" ? text(own?.state ?? {}, "name", "example.com") : name,
      nameServers: own?.state["nameServers"] ?? [
        "ns-1.awsdns-01.com",
        "ns-513.awsdns-01.net",
        "ns-1025.awsdns-01.org",
        "ns-1537.awsdns-01.co.uk",
      ],
      primaryNameServer: "ns-1.awsdns-01.com",
      privateZone: false,
      resourceRecordSetCount: 2,
      tags: {},
      vpcId: "",
      zoneId,
    };
  },
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args, { accountId, region }) => {
    const name = text(args, "name", `com.amazonaws.${region}.s3`);
    const id = PREFIX_LISTS[name.replace(region, "REGION")];
    if (id === undefined) throw new Error(`no matching managed prefix list found: ${name}`);
    return {
      addressFamily: "IPv4",
      arn: `arn:aws:ec2:${region}:aws:prefix-list/${id}`,
      entries: [{ cidr: "52.216.0.0/15", description: "" }],
      id,
      maxEntries: 55,
      name,
      ownerId: "AWS",
      tags: {},
      version: 1,
      accountId,
    };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": renderPolicy,
  "aws:elb/getServiceAccount:getServiceAccount": (args, { region }) => {
    const id = elbAccountOf(text(args, "region", region));
    return { arn: `arn:aws:iam::${id}:root`, id };
  },
};

/** Ids of AWS-managed prefix lists in us-east-1. Source: `aws ec2 describe-managed-prefix-lists`. */
const PREFIX_LISTS: Readonly<Record<string, string>> = {
  "com.amazonaws.REGION.s3": "pl-63a5400a",
  "com.amazonaws.REGION.dynamodb": "pl-02cd2c6b",
  "com.amazonaws.global.cloudfront.origin-facing": "pl-3b927c52",
};
