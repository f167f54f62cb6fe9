import type { Context, Rules } from "../rule.ts";
import { arnOf, check, conflicting, integer, json, lengthOf, matches, oneOf } from "./constraints.ts";
import { firstOf, naming, refersTo, role, unlessUsed } from "./references.ts";
import { arn, byInput, known, text } from "./shapes.ts";

const EVENT_RULE = "aws:cloudwatch/eventRule:EventRule";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";

export const events: Rules = {
  [EVENT_RULE]: {
    name: {
      property: "name",
      pattern: /^[.\-_A-Za-z0-9]+$/,
      allowed: "letters, digits and ._-",
      maxLength: 64,
      scope: "region",
      autoname: "hex",
    },
    id: byInput("name"),
    defaults: { eventBusName: "default", forceDestroy: false, state: "ENABLED" },
    computed: (ctx) => ({ arn: arn(ctx, "events", `rule/${ctx.id}`), namePrefix: "" }),
    replaceOn: ["name", "namePrefix", "eventBusName"],
    writeOnly: ["forceDestroy"],
    check: check(
      (inputs) =>
        known(inputs["eventPattern"]) ||
        known(inputs["scheduleExpression"]) ||
        typeof inputs["eventPattern"] === "symbol"
          ? []
          : [{ property: "eventPattern", reason: "give eventPattern or scheduleExpression" }],
      json("eventPattern"),
      matches(
        "scheduleExpression",
        /^(rate\((1 (minute|hour|day)|\d+ (minutes|hours|days))\)|cron\(\S+ \S+ \S+ \S+ \S+ \S+\))$/,
        "rate(5 minutes) or cron(0 10 * * ? *)",
      ),
      oneOf("state", "ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
      lengthOf("description", 0, 512),
    ),
    guardDelete: unlessUsed(
      { [EVENT_TARGET]: ["rule"] },
      (_, users) => `ValidationException: Rule can't be deleted since it has targets (${naming(users)})`,
    ),
  },
  [EVENT_TARGET]: {
    name: {
      property: "targetId",
      pattern: /^[.\-_A-Za-z0-9]+$/,
      allowed: "letters, digits and ._-",
      maxLength: 64,
      scope: "none",
      autoname: "hex",
    },
    id: (ctx) => `${text(ctx.inputs, "rule")}-${text(ctx.inputs, "targetId")}`,
    defaults: { eventBusName: "default", forceDestroy: false },
    computed: () => ({}),
    replaceOn: ["rule", "targetId", "eventBusName"],
    writeOnly: ["forceDestroy"],
    check: check(
      arnOf("arn"),
      conflicting("input", "inputPath", "inputTransformer"),
      json("input"),
      integer("retryPolicy.maximumRetryAttempts", 0, 185),
      integer("retryPolicy.maximumEventAgeInSeconds", 60, 86400),
    ),
    admit: firstOf(
      refersTo({
        rule: {
          types: [EVENT_RULE],
          missing: (name) => `ResourceNotFoundException: Rule ${name} does not exist on EventBus default.`,
        },
        roleArn: role,
      }),
      targetsItsRegion,
    ),
  },
};

/** Only event buses can be targets in another region (EventBridge User Guide, "Sending events between Regions"). */
function targetsItsRegion({ inputs, region }: Context): string | undefined {
  const [, , service = "", place = ""] = text(inputs, "arn").split(":");
  return place === "" || place === region || service === "events"
    ? undefined
    : `ValidationException: Parameter ${text(inputs, "arn")} is not valid. Reason: the target of a rule in ${region} must lie there.`;
}
