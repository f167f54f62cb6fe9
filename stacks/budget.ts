import type * as pulumi from "@pulumi/pulumi";
import { Budget } from "../components/budget.ts";
import type { StackConfig } from "./config.ts";

/** What a pound costs. AWS bills in dollars, the budgets are in pounds. As of 2026-08. */
export const usdPerGbp = 1.3;

/** Warns when the stack costs more than its configuration allows. */
export function createBudget(config: StackConfig, topicArn: pulumi.Output<string>): Budget {
  return new Budget("budget", {
    monthlyLimitUsd: config.monthlyBudget * usdPerGbp,
    topicArn,
    tag: { key: "stack", value: config.stackName },
  });
}
