import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import { check, conflicting, integer, lengthOf, matches, must, needs, oneOf, when } from "./constraints.ts";
import { capitals, known, list, text, uuid } from "./shapes.ts";

const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";
const TYPES = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "DS",
  "HTTPS",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SOA",
  "SPF",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "TXT",
];

const ROUTING = [
  ...[
    "cidrRoutingPolicy",
    "failoverRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
  ],
  ...["latencyRoutingPolicies", "multivalueAnswerRoutingPolicy", "weightedRoutingPolicies"],
];

export const route53: Rules = {
  [ZONE]: {
    name: {
      property: "name",
      pattern: /^([a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}\.?$/,
      allowed: "a domain name",
      maxLength: 1024,
      scope: "none",
      autoname: "required",
    },
    id: (ctx) => `Z${capitals(ctx, "zone", 20)}`,
    defaults: { comment: "Managed by Pulumi", forceDestroy: false },
    computed: (ctx) => {
      const nameServers = ["com", "net", "org", "co.uk"].map(
        (end, index) =>
          `ns-${512 * index + (Number.parseInt(ctx.hex(3, "ns"), 16) % 512)}.awsdns-${String(Number.parseInt(ctx.hex(2, end), 16) % 64).padStart(2, "0")}.${end}`,
      );
      return {
        arn: `arn:${ctx.partition}:route53:::hostedzone/${ctx.id}`,
        enableAcceleratedRecovery: false,
        nameServers: [...nameServers].sort(),
        primaryNameServer: nameServers[0],
        zoneId: ctx.id,
      };
    },
    replaceOn: ["name", "delegationSetId"],
    writeOnly: ["forceDestroy"],
    check: check(lengthOf("comment", 0, 256), conflicting("delegationSetId", "vpcs")),
    guardDelete: (ctx) =>
      ctx.inputs["forceDestroy"] !== true &&
      ctx.world.list(RECORD).some(({ inputs }) => inputs["zoneId"] === ctx.id)
        ? "HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        : undefined,
  },
  [RECORD]: {
    id: (ctx) =>
      [
        text(ctx.inputs, "zoneId"),
        text(ctx.inputs, "name"),
        text(ctx.inputs, "type"),
        text(ctx.inputs, "setIdentifier"),
      ]
        .filter(Boolean)
        .join("_"),
    computed: (ctx) => ({ allowOverwrite: false, fqdn: fullName(ctx) }),
    replaceOn: ["zoneId", "name", "type", "setIdentifier"],
    writeOnly: ["allowOverwrite"],
    sets: ["records"],
    check: check(
      oneOf("type", ...TYPES),
      lengthOf("name", 0, 1024),
      matches("zoneId", /^Z[A-Z0-9]{1,31}$/, "the id of a hosted zone, e.g. Z0123456789ABCDEFGHIJ"),
      conflicting("aliases", "records"),
      conflicting("aliases", "ttl"),
      integer("ttl", 0, 2147483647),
      (inputs) =>
        inputs["aliases"] === undefined ? needs("unless aliases are given", "records", "ttl")(inputs) : [],
      when(
        (inputs) => ROUTING.some((property) => known(inputs[property])),
        needs("with a routing policy", "setIdentifier"),
      ),
      when(
        (inputs) => inputs["type"] === "A",
        must("records[]", (value) => /^\d+(\.\d+){3}$/.test(String(value)), "an IPv4 address"),
      ),
      when(
        (inputs) => inputs["type"] === "AAAA",
        must("records[]", (value) => String(value).includes(":"), "an IPv6 address"),
      ),
      when((inputs) => inputs["type"] === "CNAME", oneRecord),
    ),
    admit: ({ inputs, world, id, state, ...ctx }) => {
      if (inputs["allowOverwrite"] === true) return undefined;
      const wanted = fullName({ inputs, world, id, state, ...ctx });
      const taken = world
        .list(RECORD)
        .some(
          (other) =>
            other.id !== id &&
            ["zoneId", "type", "setIdentifier"].every((key) => other.inputs[key] === inputs[key]) &&
            other.state["fqdn"] === wanted,
        );
      return taken
        ? `InvalidChangeBatch: [Tried to create resource record set [name='${wanted}.', type='${text(inputs, "type")}'] but it already exists]`
        : undefined;
    },
    onCreate: overwrite,
  },
  "aws:route53/healthCheck:HealthCheck": {
    id: (ctx) => uuid(ctx),
    defaults: { disabled: false, invertHealthcheck: false, measureLatency: false },
    computed: (ctx) => ({
      arn: `arn:${ctx.partition}:route53:::healthcheck/${ctx.id}`,
      enableSni: text(ctx.inputs, "type").startsWith("HTTPS"),
      failureThreshold: 3,
      regions: [],
      triggers: {},
    }),
    replaceOn: ["type", "measureLatency", "referenceName", "requestInterval", "routingControlArn"],
    check: check(
      oneOf(
        "type",
        "HTTP",
        "HTTPS",
        "HTTP_STR_MATCH",
        "HTTPS_STR_MATCH",
        "TCP",
        "CALCULATED",
        "CLOUDWATCH_METRIC",
        "RECOVERY_CONTROL",
      ),
      integer("failureThreshold", 1, 10),
      oneOf("requestInterval", 10, 30),
      integer("port", 1, 65535),
    ),
  },
};

/** One record has the name afterwards: what others know of it becomes this one's. */
function overwrite({ id, inputs, region, type, urn, world }: Context): void {
  const own = world.get(type, id, region);
  if (inputs["allowOverwrite"] !== true || own === undefined) return;
  const { aliases, records, ttl } = own.state;
  for (const other of world.list(type))
    if (other.id === id && other.urn !== urn) world.change(other, { ...other.state, aliases, records, ttl });
}

/** A name relative to the zone is completed where the zone is known here. */
function fullName({ inputs, world }: Context): string {
  const name = text(inputs, "name").replace(/\.$/, "").toLowerCase();
  const zone = text(world.get(ZONE, text(inputs, "zoneId"))?.state ?? {}, "name")
    .replace(/\.$/, "")
    .toLowerCase();
  return zone === "" || name === zone || name.endsWith(`.${zone}`)
    ? name
    : [name, zone].filter(Boolean).join(".");
}

function oneRecord(inputs: Inputs): Problem[] {
  return list(inputs, "records").length > 1
    ? [{ property: "records", reason: "expected one value for a CNAME" }]
    : [];
}
