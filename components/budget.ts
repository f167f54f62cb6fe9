import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { throwProblems, type Problem } from "./problems.ts";

/** The arguments of {@link Budget}. */
export interface BudgetArgs {
  /** US dollars a month, the currency in which AWS bills. */
  monthlyLimitUsd: number;
  /** Whom AWS Budgets writes to itself. @default - nobody; then `topicArn` is needed */
  email?: string;
  /** An SNS topic that budgets.amazonaws.com may publish to. @default - none; then `email` is needed */
  topicArn?: pulumi.Input<string>;
  /**
   * Counts only what bears this tag, which must be activated as a cost allocation tag in the billing console.
   * @default - the whole account
   */
  tag?: { key: string; value: string };
}

interface Warning {
  notificationType: "ACTUAL" | "FORECASTED";
  /** Percent of the limit. */
  threshold: number;
}

/** Early enough to act, at the limit, and as soon as AWS foresees that the limit will be passed. */
const WARNINGS: Warning[] = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
];

/**
 * A monthly cost budget that warns at 80 and 100 % of what is spent and when AWS foresees more than 100 %. Free: AWS
 * bills only budgets with actions. It warns and stops nothing. Nothing here holds data; a new name replaces it.
 */
export class Budget extends pulumi.ComponentResource {
  public readonly budgetName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: BudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Budget", name, problems(args));
    super("macro-ai:components:Budget", name, {}, opts);
    const subscribers = {
      ...(args.email !== undefined && { subscriberEmailAddresses: [args.email] }),
      ...(args.topicArn !== undefined && { subscriberSnsTopicArns: [args.topicArn] }),
    };
    const budget = new aws.budgets.Budget(
      name,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: args.monthlyLimitUsd.toFixed(2),
        limitUnit: "USD",
        notifications: WARNINGS.map((warning) => ({
          ...warning,
          comparisonOperator: "GREATER_THAN",
          thresholdType: "PERCENTAGE",
          ...subscribers,
        })),
        ...(args.tag && {
          costFilters: [{ name: "TagKeyValue", values: [`user:${args.tag.key}$${args.tag.value}`] }],
        }),
      },
      { parent: this },
    );
    this.budgetName = budget.name;
    this.registerOutputs({ budgetName: this.budgetName });
  }
}

function problems(args: BudgetArgs): Problem[] {
  const found: Problem[] = [];
  if (!(args.monthlyLimitUsd > 0)) {
    found.push({ path: "monthlyLimitUsd", message: `is ${args.monthlyLimitUsd}; it must be more than 0` });
  }
  if (args.email === undefined && args.topicArn === undefined) {
    found.push({
      path: "email",
      message: "is missing, and so is topicArn: give at least one, else no one is warned",
    });
  }
  return found;
}
