import type { Rules } from "../rule.ts";
import { arnOf, check, integer, json, lengthOf, matches, oneOf } from "./constraints.ts";
import { kmsKey, refersTo, role } from "./references.ts";
import { arn, blank, byInput, text } from "./shapes.ts";

const GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup";
const NAME = {
  property: "name",
  pattern: /^[0-9a-zA-Z_.-]+$/,
  allowed: "letters, digits and _.-",
  maxLength: 64,
  autoname: "hex",
} as const;

export const scheduler: Rules = {
  "aws:scheduler/schedule:Schedule": {
    name: { ...NAME, scope: "none" },
    id: (ctx) => `${text(ctx.inputs, "groupName", "default")}/${text(ctx.inputs, "name")}`,
    defaults: { scheduleExpressionTimezone: "UTC", state: "ENABLED" },
    computed: (ctx) => ({
      actionAfterCompletion: "NONE",
      arn: arn(ctx, "scheduler", `schedule/${ctx.id}`),
      groupName: "default",
      ...blank("namePrefix"),
    }),
    replaceOn: ["groupName", "name", "namePrefix"],
    check: check(
      matches(
        "scheduleExpression",
        /^(at\(.+\)|rate\(\d+ (minutes?|hours?|days?)\)|cron\(\S+ \S+ \S+ \S+ \S+ \S+\))$/,
        "at(...), rate(5 minutes) or cron(0 10 * * ? *)",
      ),
      oneOf("state", "ENABLED", "DISABLED"),
      oneOf("flexibleTimeWindow.mode", "OFF", "FLEXIBLE"),
      integer("flexibleTimeWindow.maximumWindowInMinutes", 1, 1440),
      integer("target.retryPolicy.maximumRetryAttempts", 0, 185),
      integer("target.retryPolicy.maximumEventAgeInSeconds", 60, 86400),
      arnOf("target.arn"),
      arnOf("target.roleArn", "iam"),
      json("target.input"),
      lengthOf("description", 0, 512),
    ),
    admit: refersTo({
      "target.roleArn": role,
      kmsKeyArn: kmsKey,
      groupName: {
        types: [GROUP],
        except: /^default$/,
        missing: (name) => `ResourceNotFoundException: Schedule group ${name} does not exist.`,
      },
    }),
  },
  [GROUP]: {
    name: {
      ...NAME,
      scope: "region",
      taken: (name) => `ConflictException: Schedule group ${name} already exists.`,
    },
    id: byInput("name"),
    computed: (ctx) => ({
      arn: arn(ctx, "scheduler", `schedule-group/${ctx.id}`),
      creationDate: ctx.createdAt,
      lastModificationDate: ctx.createdAt,
      namePrefix: "",
      state: "ACTIVE",
    }),
    replaceOn: ["name", "namePrefix"],
  },
};
