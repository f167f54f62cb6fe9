import type { Context, Inputs, Problem, Rule, Rules } from "../rule.ts";
import {
  arnOf,
  between,
  check,
  count,
  integer,
  lengthOf,
  matches,
  must,
  needs,
  oneOf,
  port,
  select,
  when,
  without,
} from "./constraints.ts";
import { certificate, firstOf, naming, refersTo, securityGroup, subnet, usersOf, vpc } from "./references.ts";
import { albZoneOf } from "./regions.ts";
import { arn, joined, known, list, nested, text } from "./shapes.ts";

const NAME = {
  property: "name",
  pattern: /^(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  allowed: 'letters, digits and hyphens, no hyphen at either end, not beginning with "internal-"',
  maxLength: 32,
  scope: "region",
  autoname: "hex",
} as const;

const ACTIONS = [
  "forward",
  "redirect",
  "fixed-response",
  "authenticate-cognito",
  "authenticate-oidc",
  "jwt-validation",
];

const SECURITY_POLICY =
  /^ELBSecurityPolicy-(2015-05|2016-08|TLS-1-[012](-Ext)?-20\d\d-\d\d|FS-[A-Za-z0-9-]+|TLS13-1-[0123][A-Za-z0-9-]*)$/;

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

const actionChecks = (path: string) => [
  oneOf(`${path}[].type`, ...ACTIONS),
  oneOf(`${path}[].redirect.statusCode`, "HTTP_301", "HTTP_302"),
  oneOf(`${path}[].redirect.protocol`, "HTTP", "HTTPS", "#{protocol}"),
  oneOf(
    `${path}[].fixedResponse.contentType`,
    "text/plain",
    "text/css",
    "text/html",
    "application/javascript",
    "application/json",
  ),
  matches(`${path}[].fixedResponse.statusCode`, /^[245]\d\d$/, "a status code 2XX, 4XX or 5XX"),
  lengthOf(`${path}[].fixedResponse.messageBody`, 0, 1024),
  actionsComplete(path),
];

/** The types of one module; `aws.alb` and `aws.lb` are two tokens of the same resources. */
function balancing(module: "lb" | "alb"): Rules {
  return {
    [`aws:${module}/loadBalancer:LoadBalancer`]: loadBalancer,
    [`aws:${module}/listener:Listener`]: listener,
    [`aws:${module}/listenerRule:ListenerRule`]: listenerRule,
    [`aws:${module}/targetGroup:TargetGroup`]: targetGroup,
    [`aws:${module}/listenerCertificate:ListenerCertificate`]: {
      id: joined("_", "listenerArn", "certificateArn"),
      computed: () => ({}),
      replaceOn: ["listenerArn", "certificateArn"],
      admit: refersTo({
        listenerArn: ofType("listener:Listener", "ListenerNotFound"),
        certificateArn: certificate,
      }),
    },
  };
}

const loadBalancer: Rule = {
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

const listener: Rule = {
  id: (ctx) =>
    `${text(ctx.inputs, "loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${ctx.hex(16)}`,
  computed: (ctx) => ({
    arn: ctx.id,
    mutualAuthentication: { mode: "off" },
    protocol: "HTTP",
    routingHttpResponseServerEnabled: true,
    sslPolicy: "",
    tcpIdleTimeoutSeconds: 0,
  }),
  replaceOn: ["loadBalancerArn"],
  check: check(
    port("port"),
    oneOf("protocol", "HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"),
    matches(
      "sslPolicy",
      SECURITY_POLICY,
      "a security policy of Elastic Load Balancing such as ELBSecurityPolicy-TLS13-1-2-2021-06",
    ),
    when(isSecure, needs("for HTTPS and TLS", "certificateArn", "sslPolicy")),
    when((inputs) => inputs["protocol"] === "HTTP", without("for HTTP", "certificateArn", "sslPolicy")),
    arnOf("certificateArn", "(acm|iam)"),
    ...actionChecks("defaultActions"),
  ),
  admit: firstOf(
    refersTo({
      loadBalancerArn: ofType("loadBalancer:LoadBalancer", "LoadBalancerNotFound"),
      "defaultActions[].targetGroupArn": ofType("targetGroup:TargetGroup", "TargetGroupNotFound"),
      certificateArn: certificate,
    }),
    ({ inputs, world, id }) =>
      ["lb", "alb"].some((module) =>
        world
          .list(`aws:${module}/listener:Listener`)
          .some(
            (other) =>
              other.id !== id &&
              ["loadBalancerArn", "port"].every((key) => other.inputs[key] === inputs[key]),
          ),
      )
        ? `DuplicateListener: A listener already exists on this port for this load balancer '${text(inputs, "loadBalancerArn")}'`
        : undefined,
    admitCertificate,
  ),
};

const listenerRule: Rule = {
  id: (ctx) => `${text(ctx.inputs, "listenerArn").replace(":listener/", ":listener-rule/")}/${ctx.hex(16)}`,
  computed: (ctx) => ({ arn: ctx.id, priority: 1 + siblings(ctx).length }),
  replaceOn: ["listenerArn", "priority"],
  sets: ["conditions"],
  check: check(
    integer("priority", 1, 50000),
    count("conditions", 1, 5),
    count("conditions[].pathPattern.values", 1, 5),
    count("conditions[].hostHeader.values", 1, 5),
    ...actionChecks("actions"),
  ),
  admit: firstOf(
    refersTo({
      listenerArn: ofType("listener:Listener", "ListenerNotFound"),
      "actions[].targetGroupArn": ofType("targetGroup:TargetGroup", "TargetGroupNotFound"),
    }),
    (ctx) =>
      siblings(ctx).some(({ state }) => state["priority"] === ctx.inputs["priority"])
        ? `PriorityInUse: Priority '${String(ctx.inputs["priority"])}' is currently in use`
        : undefined,
  ),
};

const targetGroup: Rule = {
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

export const lb: Rules = { ...balancing("lb"), ...balancing("alb") };

function kindOf(inputs: Inputs): string {
  const type = text(inputs, "loadBalancerType", "application");
  return type === "network" ? "net" : type === "gateway" ? "gwy" : "app";
}

function isSecure(inputs: Inputs): boolean {
  return inputs["protocol"] === "HTTPS" || inputs["protocol"] === "TLS";
}

function ofType(kind: string, code: string) {
  return {
    types: [`aws:lb/${kind}`, `aws:alb/${kind}`],
    missing: (value: string) => `${code}: One or more resources not found: '${value}'`,
  };
}

function subnetsOf(inputs: Inputs): unknown[] {
  return [
    ...list(inputs, "subnets"),
    ...select(inputs, "subnetMappings[].subnetId").map(({ value }) => value),
  ];
}

function siblings({ inputs, world, id }: Context) {
  return ["lb", "alb"].flatMap((module) =>
    world
      .list(`aws:${module}/listenerRule:ListenerRule`)
      .filter((other) => other.id !== id && other.inputs["listenerArn"] === inputs["listenerArn"]),
  );
}

function actionsComplete(path: string) {
  const companion: Readonly<Record<string, readonly string[]>> = {
    forward: ["targetGroupArn", "forward"],
    redirect: ["redirect"],
    "fixed-response": ["fixedResponse"],
    "authenticate-cognito": ["authenticateCognito"],
    "authenticate-oidc": ["authenticateOidc"],
  };
  return (inputs: Inputs): Problem[] =>
    list(inputs, path)
      .map(nested)
      .flatMap((action, index) => {
        const wanted = companion[text(action, "type")];
        return wanted === undefined || wanted.some((property) => action[property] !== undefined)
          ? []
          : [
              {
                property: `${path}[${index}].${wanted[0] ?? ""}`,
                reason: `is required for an action of type ${text(action, "type")}`,
              },
            ];
      });
}

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

/** A certificate serves only after its validation. Imported ones need none. */
function admitCertificate({ inputs, world }: Context): string | undefined {
  const used = world.get("aws:acm/certificate:Certificate", text(inputs, "certificateArn"));
  return used !== undefined &&
    used.inputs["validationMethod"] !== undefined &&
    world.find("aws:acm/certificateValidation:CertificateValidation", "certificateArn", used.id) === undefined
    ? `UnsupportedCertificate: The certificate '${used.id}' must have a fully-qualified domain name, a supported signature, and a supported key size, and be issued: wait for its validation`
    : undefined;
}
