import type { Inputs, Problem, Rule } from "../rule.ts";
import { between, check, integer, matches, must, needs, oneOf, when } from "./constraints.ts";
import { naming, refersTo, usersOf, vpc } from "./references.ts";
import { arn, nested, text } from "./shapes.ts";

const NAME = {
  property: "name",
  pattern: /^(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  allowed: 'letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"',
  maxLength: 32,
  scope: "region",
  autoname: "hex",
} as const;

const GROUP_USERS = Object.fromEntries(
  ["lb", "alb"].flatMap((module) => [
    [
      `aws:${module}/listener:Listener`,
      ["defaultActions[].targetGroupArn", "defaultActions[].forward.targetGroups[].arn"],
    ],
    [
      `aws:${module}/listenerRule:ListenerRule`,
      ["actions[].targetGroupArn", "actions[].forward.targetGroups[].arn"],
    ],
  ]),
);

export const targetGroup: Rule = {
  name: {
    ...NAME,
    pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
    allowed: "letters, digits and hyphens, no hyphen at either end",
    taken: (name) =>
      `DuplicateTargetGroupName: A target group with the same name '${name}' exists, but with different settings`,
  },
  id: (ctx) => arn(ctx, "elasticloadbalancing", `targetgroup/${text(ctx.inputs, "name")}/${ctx.hex(16)}`),
  defaults: { deregistrationDelay: 300, slowStart: 0, targetType: "instance" },
  computed: (ctx) => ({
    arn: ctx.id,
    arnSuffix: ctx.id.slice(ctx.id.indexOf(":targetgroup/") + 1),
    connectionTermination: false,
    healthCheck: {
      enabled: true,
      healthyThreshold: 3,
      interval: 30,
      matcher: "200",
      path: "/",
      port: "traffic-port",
      protocol: "HTTP",
      timeout: 6,
      unhealthyThreshold: 3,
    },
    ipAddressType: "ipv4",
    loadBalancerArns: [],
    loadBalancingAlgorithmType: "round_robin",
    loadBalancingAnomalyMitigation: "off",
    loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
    namePrefix: "",
    preserveClientIp: "",
    protocolVersion: "HTTP1",
    stickiness: { cookieDuration: 86400, enabled: false, type: "lb_cookie" },
    targetFailovers: [],
    targetGroupHealth: {
      dnsFailover: { minimumHealthyTargetsCount: "1", minimumHealthyTargetsPercentage: "off" },
      unhealthyStateRouting: { minimumHealthyTargetsCount: 1, minimumHealthyTargetsPercentage: "off" },
    },
    targetHealthStates: [],
  }),
  replaceOn: [
    "ipAddressType",
    "name",
    "namePrefix",
    "port",
    "protocol",
    "protocolVersion",
    "targetType",
    "vpcId",
  ],
  check: check(
    oneOf("targetType", "instance", "ip", "lambda", "alb"),
    oneOf("protocol", "HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"),
    oneOf("protocolVersion", "HTTP1", "HTTP2", "GRPC"),
    oneOf("loadBalancingAlgorithmType", "round_robin", "least_outstanding_requests", "weighted_random"),
    integer("port", 1, 65535),
    integer("deregistrationDelay", 0, 3600),
    must(
      "slowStart",
      (value) => value === 0 || (Number(value) >= 30 && Number(value) <= 900),
      "0 or 30 to 900 s",
    ),
    when(
      (inputs) => inputs["targetType"] !== "lambda",
      needs("unless the targets are functions", "port", "protocol", "vpcId"),
    ),
    integer("healthCheck.interval", 5, 300),
    integer("healthCheck.timeout", 2, 120),
    integer("healthCheck.healthyThreshold", 2, 10),
    integer("healthCheck.unhealthyThreshold", 2, 10),
    matches(
      "healthCheck.matcher",
      /^[2-5]\d\d([,-][2-5]\d\d)*$/,
      "status codes such as 200, 200,202 or 200-299",
    ),
    matches("healthCheck.path", /^\/.{0,1023}$/, "a path that begins with /, at most 1024 characters"),
    (inputs) => healthCheckTiming(nested(inputs["healthCheck"])),
    between("stickiness.cookieDuration", 0, 604800),
  ),
  admit: refersTo({ vpcId: vpc }),
  guardDelete: (ctx) => {
    const users = usersOf(ctx.world, GROUP_USERS, [ctx.id]);
    return users.length === 0
      ? undefined
      : `ResourceInUse: Target group '${ctx.id}' is currently in use by a listener or a rule (${naming(users)})`;
  },
};

function healthCheckTiming({ interval = 30, timeout = 5 }: Inputs): Problem[] {
  return typeof interval === "number" && typeof timeout === "number" && timeout >= interval
    ? [
        {
          property: "healthCheck.timeout",
          reason: `expected less than the interval (${interval} s), got ${timeout}`,
        },
      ]
    : [];
}
