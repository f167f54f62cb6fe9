import type { Context, Inputs, Rule } from "../rule.ts";
import { check, count, integer, needs, oneOf, select, when } from "./constraints.ts";
import { firstOf, refersTo, securityGroup, subnet } from "./references.ts";
import { albZoneOf } from "./regions.ts";
import { arn, known, list, nested, text } from "./shapes.ts";

const NAME = {
  property: "name",
  pattern: /^(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  allowed: 'letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"',
  maxLength: 32,
  scope: "region",
  autoname: "hex",
} as const;

export const loadBalancer: Rule = {
  name: {
    ...NAME,
    taken: (name) =>
      `DuplicateLoadBalancerName: A load balancer with the same name '${name}' exists, but with different settings`,
  },
  id: (ctx) =>
    arn(
      ctx,
      "elasticloadbalancing",
      `loadbalancer/${kindOf(ctx.inputs)}/${text(ctx.inputs, "name")}/${ctx.hex(16)}`,
    ),
  defaults: {
    clientKeepAlive: 3600,
    desyncMitigationMode: "defensive",
    dropInvalidHeaderFields: false,
    enableDeletionProtection: false,
    enableHttp2: true,
    idleTimeout: 60,
    loadBalancerType: "application",
    xffHeaderProcessingMode: "append",
  },
  computed: (ctx) => {
    const internal = ctx.inputs["internal"] === true;
    const first = ctx.world.get("aws:ec2/subnet:Subnet", String(subnetsOf(ctx.inputs)[0]));
    return {
      arn: ctx.id,
      arnSuffix: ctx.id.split(":loadbalancer/")[1] ?? "",
      dnsName: `${internal ? "internal-" : ""}${text(ctx.inputs, "name")}-${Number.parseInt(ctx.hex(7, "dns"), 16)}.${ctx.region}.elb.amazonaws.com`,
      enablePrefixForIpv6SourceNat: "",
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "",
      internal: false,
      ipAddressType: "ipv4",
      namePrefix: "",
      secondaryIpsAutoAssignedPerSubnet: 0,
      securityGroups: [],
      subnetMappings: subnetsOf(ctx.inputs).map((subnetId) => ({ subnetId })),
      subnets: subnetsOf(ctx.inputs),
      vpcId: first?.state["vpcId"] ?? "",
      zoneId: albZoneOf(ctx.region),
    };
  },
  replaceOn: ["customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"],
  updateOn: ["secondaryIpsAutoAssignedPerSubnet", "securityGroups", "subnets"],
  sets: ["securityGroups", "subnets", "subnetMappings"],
  volatile: ["subnetMappings"],
  check: check(
    oneOf("loadBalancerType", "application", "network", "gateway"),
    oneOf("ipAddressType", "ipv4", "dualstack", "dualstack-without-public-ipv4"),
    oneOf("desyncMitigationMode", "monitor", "defensive", "strictest"),
    oneOf("xffHeaderProcessingMode", "append", "preserve", "remove"),
    integer("idleTimeout", 1, 4000),
    integer("clientKeepAlive", 60, 604800),
    count("securityGroups", 0, 5),
    when((inputs) => kindOf(inputs) === "app", count("subnets", 2, 20)),
    when(
      (inputs) => inputs["subnetMappings"] === undefined,
      needs("unless subnetMappings are given", "subnets"),
    ),
    ...["accessLogs", "connectionLogs"].map(
      (logs) => (inputs: Inputs) =>
        nested(inputs[logs])["enabled"] === true
          ? needs("when the logs are enabled", `${logs}.bucket`)(inputs)
          : [],
    ),
  ),
  admit: firstOf(
    refersTo({
      "subnets[]": subnet,
      "securityGroups[]": securityGroup,
    }),
    admitPlacement,
    admitLogs,
  ),
  guardDelete: (ctx) =>
    ctx.state?.["enableDeletionProtection"] === true
      ? `OperationNotPermitted: Load balancer '${ctx.id}' cannot be deleted because deletion protection is enabled`
      : undefined,
};

function kindOf(inputs: Inputs): string {
  const type = text(inputs, "loadBalancerType", "application");
  return type === "network" ? "net" : type === "gateway" ? "gwy" : "app";
}

function subnetsOf(inputs: Inputs): unknown[] {
  return [
    ...list(inputs, "subnets"),
    ...select(inputs, "subnetMappings[].subnetId").map(({ value }) => value),
  ];
}

function admitPlacement({ inputs, world }: Context): string | undefined {
  const subnets = subnetsOf(inputs).flatMap((id) => world.get("aws:ec2/subnet:Subnet", String(id)) ?? []);
  if (kindOf(inputs) !== "app" || subnets.length < subnetsOf(inputs).length) return undefined;
  if (new Set(subnets.map(({ state }) => state["availabilityZone"])).size < 2)
    return "ValidationError: At least two subnets in two different Availability Zones must be specified";
  const vpcId = subnets[0]?.state["vpcId"];
  return inputs["internal"] !== true &&
    world.find("aws:ec2/internetGateway:InternetGateway", "vpcId", vpcId) === undefined
    ? `InvalidSubnet: VPC ${String(vpcId)} has no internet gateway`
    : undefined;
}

/** Delivery of logs is tried at once: the bucket and its policy must be there. */
function admitLogs({ inputs, world }: Context): string | undefined {
  for (const logs of ["accessLogs", "connectionLogs"]) {
    const { enabled, bucket } = nested(inputs[logs]);
    if (
      enabled === true &&
      known(bucket) &&
      world.get("aws:s3/bucketPolicy:BucketPolicy", String(bucket)) === undefined
    )
      return `InvalidConfigurationRequest: Access Denied for bucket: ${String(bucket)}. Please check S3bucket permission`;
  }
  return undefined;
}
