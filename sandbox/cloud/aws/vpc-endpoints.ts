import type { Context, Inputs, Rules } from "../rule.ts";
import { arnOf, check, exactlyOne, json, matches, needs, oneOf, when, without } from "./constraints.ts";
import { firstOf, refersTo, role, routeTable, securityGroup, subnet, vpc } from "./references.ts";
import { arn, ec2Id, known, list, privateIp, sideId, text } from "./shapes.ts";

export const vpcEndpoints: Rules = {
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    id: ec2Id("vpce"),
    defaults: { vpcEndpointType: "Gateway" },
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `vpc-endpoint/${ctx.id}`),
      cidrBlocks: isInterface(ctx.inputs) ? [] : ["52.216.0.0/15", "3.5.0.0/19"],
      dnsEntries: isInterface(ctx.inputs) ? [endpointName(ctx)] : [],
      dnsOptions: { dnsRecordIpType: isInterface(ctx.inputs) ? "ipv4" : "service-defined" },
      ipAddressType: "ipv4",
      networkInterfaceIds: isInterface(ctx.inputs)
        ? list(ctx.inputs, "subnetIds").map((_, index) => sideId(ctx, "eni", `eni${index}`))
        : [],
      ownerId: ctx.accountId,
      policy: JSON.stringify({
        Version: "2008-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
      }),
      prefixListId: isInterface(ctx.inputs) ? "" : `pl-${ctx.hex(8, "prefix list")}`,
      privateDnsEnabled: false,
      requesterManaged: false,
      routeTableIds: [],
      securityGroupIds: [],
      serviceRegion: ctx.region,
      state: "available",
      subnetConfigurations: list(ctx.inputs, "subnetIds").map((subnetId) => ({
        subnetId,
        ipv4: privateIp(ctx),
      })),
      subnetIds: [],
    }),
    replaceOn: ["serviceName", "serviceRegion", "vpcEndpointType", "vpcId", "resourceConfigurationArn"],
    updateOn: ["privateDnsEnabled"],
    sets: ["routeTableIds", "securityGroupIds", "subnetIds"],
    check: check(
      exactlyOne("serviceName", "resourceConfigurationArn", "serviceNetworkArn"),
      oneOf(
        "vpcEndpointType",
        ...["Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"],
      ),
      matches("serviceName", /^(com|aws)\.[a-z0-9.-]+$/, "a service name such as com.amazonaws.us-east-1.s3"),
      json("policy"),
      when(
        (inputs) => !isInterface(inputs) && (inputs["vpcEndpointType"] ?? "Gateway") === "Gateway",
        without("for a Gateway endpoint", "subnetIds", "securityGroupIds", "privateDnsEnabled"),
      ),
      when(isInterface, without("for an Interface endpoint", "routeTableIds")),
    ),
    admit: firstOf(
      refersTo({
        vpcId: vpc,
        "subnetIds[]": subnet,
        "securityGroupIds[]": securityGroup,
        "routeTableIds[]": routeTable,
      }),
      admitPrivateDns,
    ),
  },
  "aws:ec2/flowLog:FlowLog": {
    id: ec2Id("fl"),
    defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
    computed: (ctx) => ({
      arn: arn(ctx, "ec2", `vpc-flow-log/${ctx.id}`),
      logDestination: "",
      logFormat:
        "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} " +
        "${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
    }),
    replaceOn: [
      ...["deliverCrossAccountRole", "destinationOptions", "eniId", "iamRoleArn", "logDestination"],
      ...["logDestinationType", "logFormat", "maxAggregationInterval", "subnetId", "trafficType"],
      ...["transitGatewayAttachmentId", "transitGatewayId", "vpcId", "regionalNatGatewayId"],
    ],
    check: check(
      exactlyOne(
        ...[
          "vpcId",
          "subnetId",
          "eniId",
          "transitGatewayId",
          "transitGatewayAttachmentId",
          "regionalNatGatewayId",
        ],
      ),
      oneOf("logDestinationType", "cloud-watch-logs", "s3", "kinesis-data-firehose"),
      oneOf("trafficType", "ACCEPT", "REJECT", "ALL"),
      oneOf("maxAggregationInterval", 60, 600),
      arnOf("logDestination"),
      when(
        (inputs) => (inputs["logDestinationType"] ?? "cloud-watch-logs") === "cloud-watch-logs",
        needs("for delivery to CloudWatch Logs", "iamRoleArn", "logDestination"),
      ),
      when(
        (inputs) => known(inputs["vpcId"]) || known(inputs["subnetId"]) || known(inputs["eniId"]),
        needs("for a VPC, a subnet or an interface", "trafficType"),
      ),
    ),
    admit: refersTo({ vpcId: vpc, subnetId: subnet, iamRoleArn: role }),
  },
};

function isInterface(inputs: Inputs): boolean {
  return inputs["vpcEndpointType"] === "Interface";
}

function endpointName(ctx: Context) {
  const service = text(ctx.inputs, "serviceName").split(".").slice(3).join(".");
  return {
    dnsName: `${ctx.id}-${ctx.hex(8, "dns")}.${service}.${ctx.region}.vpce.amazonaws.com`,
    hostedZoneId: "Z7HUB22UULQXV",
  };
}

function admitPrivateDns({ inputs, world }: Context): string | undefined {
  const state = world.get("aws:ec2/vpc:Vpc", text(inputs, "vpcId"))?.state;
  const refused =
    isInterface(inputs) &&
    inputs["privateDnsEnabled"] === true &&
    state !== undefined &&
    !(state["enableDnsSupport"] === true && state["enableDnsHostnames"] === true);
  return refused
    ? `InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${text(inputs, "vpcId")}`
    : undefined;
}
