import { HOURS_PER_MONTH } from "../prices.ts";
import { baseline, used, type Pricer } from "../resource.ts";

const SUBNET = "aws:ec2/subnet:Subnet";

const natGateway: Pricer = (resource) => [
  baseline("nat-gateway", "NAT gateway", HOURS_PER_MONTH),
  used("nat-gateway-data", "data through it", resource.usage("nat.processedGb")),
];

/** Addresses cost the same in use and idle. */
const address: Pricer = () => [baseline("public-ipv4", "public IPv4 address", HOURS_PER_MONTH)];

const endpoint: Pricer = (resource) => {
  resource.only("vpcEndpointType", ["Gateway", "Interface"], "Gateway");
  if (resource.text("vpcEndpointType", "Gateway") === "Gateway") return [];
  const zones = resource.count("subnetIds", SUBNET);
  return [
    baseline("interface-endpoint", `interface endpoint in ${zones} zones`, zones * HOURS_PER_MONTH),
    used("interface-endpoint-data", "data through it", resource.usage("endpoint.processedGb")),
  ];
};

/** One that faces the internet has an address in each zone. */
const loadBalancer: Pricer = (resource) => {
  resource.only("loadBalancerType", ["application"], "application");
  const zones = resource.count("subnets", SUBNET);
  const units = resource.usage("alb.capacityUnits") * HOURS_PER_MONTH;
  return [
    baseline("load-balancer", "load balancer", HOURS_PER_MONTH),
    ...(resource.isTrue("internal")
      ? []
      : [baseline("public-ipv4", `public IPv4 addresses in ${zones} zones`, zones * HOURS_PER_MONTH)]),
    used("load-balancer-capacity", "capacity units", units),
    used("internet-egress", "answers to the internet", resource.usage("internet.egressGb")),
  ];
};

const zone: Pricer = (resource) => [
  baseline("dns-zone", "hosted zone", 1),
  used("dns-queries", "queries", resource.usage("route53.queries") / 1e6),
];

export const network: Readonly<Record<string, Pricer>> = {
  "aws:ec2/natGateway:NatGateway": natGateway,
  "aws:ec2/eip:Eip": address,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:alb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:route53/zone:Zone": zone,
  "aws:route53/healthCheck:HealthCheck": () => [baseline("dns-health-check", "check of an address", 1)],
};
