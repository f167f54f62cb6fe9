import type { Inputs, Problem, Rules } from "../rule.ts";
import { between, check, count, exactlyOne, matches, oneOf } from "./constraints.ts";
import { globalArn, known, list, nested, text } from "./shapes.ts";

export const budgets: Rules = {
  "aws:budgets/budget:Budget": {
    name: {
      property: "name",
      pattern: /^[^:\\]+$/,
      allowed: "anything but : and \\",
      maxLength: 100,
      scope: "account",
      autoname: "hex",
      taken: (name) =>
        `DuplicateRecordException: the budget ${name} already exists. the create request is failed.`,
    },
    id: (ctx) => `${ctx.accountId}:${text(ctx.inputs, "name")}`,
    defaults: { timePeriodEnd: "2087-06-15_00:00" },
    computed: (ctx) => ({
      accountId: ctx.accountId,
      arn: globalArn(ctx, "budgets", `budget/${text(ctx.inputs, "name")}`),
      costFilters: [],
      costTypes: {
        includeCredit: true,
        includeDiscount: true,
        includeOtherSubscription: true,
        includeRecurring: true,
        includeRefund: true,
        includeSubscription: true,
        includeSupport: true,
        includeTax: true,
        includeUpfront: true,
        useAmortized: false,
        useBlended: false,
      },
      limitAmount: "",
      limitUnit: "USD",
      namePrefix: "",
      timePeriodStart: `${ctx.createdAt.slice(0, 7)}-01_00:00`,
    }),
    replaceOn: ["accountId", "name", "namePrefix"],
    sets: ["notifications", "plannedLimits"],
    check: check(
      oneOf(
        "budgetType",
        "USAGE",
        "COST",
        "RI_UTILIZATION",
        "RI_COVERAGE",
        "SAVINGS_PLANS_UTILIZATION",
        "SAVINGS_PLANS_COVERAGE",
      ),
      oneOf("timeUnit", "DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"),
      exactlyOne("limitAmount", "plannedLimits", "autoAdjustData"),
      matches("limitAmount", /^\d+(\.\d+)?$/, "an amount in digits"),
      matches("timePeriodStart", /^\d{4}-\d\d-\d\d_\d\d:\d\d$/, "a time such as 2026-01-01_00:00"),
      count("notifications", 0, 10),
      oneOf("notifications[].comparisonOperator", "GREATER_THAN", "LESS_THAN", "EQUAL_TO"),
      oneOf("notifications[].notificationType", "ACTUAL", "FORECASTED"),
      oneOf("notifications[].thresholdType", "PERCENTAGE", "ABSOLUTE_VALUE"),
      between("notifications[].threshold", 0.1, 1000000000),
      count("notifications[].subscriberEmailAddresses", 0, 10),
      count("notifications[].subscriberSnsTopicArns", 0, 1),
      matches(
        "notifications[].subscriberEmailAddresses[]",
        /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
        "an e-mail address",
      ),
      inUsDollars,
      withSubscriber,
    ),
  },
};

/** AWS Budgets takes the account's billing currency, which is USD here. */
function inUsDollars(inputs: Inputs): Problem[] {
  return inputs["budgetType"] === "COST" ? oneOf("limitUnit", "USD")(inputs) : [];
}

function withSubscriber(inputs: Inputs): Problem[] {
  return list(inputs, "notifications")
    .map(nested)
    .flatMap((notification, index) =>
      ["subscriberEmailAddresses", "subscriberSnsTopicArns"].every((property) =>
        Array.isArray(notification[property])
          ? list(notification, property).length === 0
          : !known(notification[property]) && typeof notification[property] !== "symbol",
      )
        ? [
            {
              property: `notifications[${index}]`,
              reason: "give subscriberEmailAddresses or subscriberSnsTopicArns",
            },
          ]
        : [],
    );
}
