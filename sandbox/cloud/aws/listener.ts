import type { Context, Inputs, Problem, Rule } from "../rule.ts";
import {
  arnOf,
  check,
  count,
  integer,
  lengthOf,
  matches,
  needs,
  oneOf,
  port,
  when,
  without,
} from "./constraints.ts";
import { certificate, firstOf, refersTo } from "./references.ts";
import { blank, list, nested, text } from "./shapes.ts";

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

/** Headers a listener can rename or add; empty as long as none is asked for. */
const ROUTING_HEADERS = [
  ...["", "Issuer", "Leaf", "SerialNumber", "Subject", "Validity"].map(
    (part) => `routingHttpRequestXAmznMtlsClientcert${part}HeaderName`,
  ),
  ...["CipherSuite", "Version"].map((part) => `routingHttpRequestXAmznTls${part}HeaderName`),
  ...["Credentials", "Headers", "Methods", "Origin"].map(
    (part) => `routingHttpResponseAccessControlAllow${part}HeaderValue`,
  ),
  ...[
    "AccessControlExposeHeaders",
    "AccessControlMaxAge",
    "ContentSecurityPolicy",
    "StrictTransportSecurity",
  ].map((part) => `routingHttpResponse${part}HeaderValue`),
  ...["XContentTypeOptions", "XFrameOptions"].map((part) => `routingHttpResponse${part}HeaderValue`),
];

export const listener: Rule = {
  id: (ctx) =>
    `${text(ctx.inputs, "loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${ctx.hex(16)}`,
  computed: (ctx) => ({
    arn: ctx.id,
    mutualAuthentication: { mode: "off" },
    protocol: "HTTP",
    routingHttpResponseServerEnabled: true,
    sslPolicy: "",
    tcpIdleTimeoutSeconds: 0,
    ...blank(...ROUTING_HEADERS),
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

export const listenerRule: Rule = {
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

function isSecure(inputs: Inputs): boolean {
  return inputs["protocol"] === "HTTPS" || inputs["protocol"] === "TLS";
}

export function ofType(kind: string, code: string) {
  return {
    types: [`aws:lb/${kind}`, `aws:alb/${kind}`],
    missing: (value: string) => `${code}: One or more resources not found: '${value}'`,
  };
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

/** A certificate serves only after its validation. Imported ones need none. */
function admitCertificate({ inputs, world }: Context): string | undefined {
  const used = world.get("aws:acm/certificate:Certificate", text(inputs, "certificateArn"));
  return used !== undefined &&
    used.inputs["validationMethod"] !== undefined &&
    world.find("aws:acm/certificateValidation:CertificateValidation", "certificateArn", used.id) === undefined
    ? `UnsupportedCertificate: The certificate '${used.id}' must have a fully-qualified domain name, a supported signature, and a supported key size, and be issued: wait for its validation`
    : undefined;
}
