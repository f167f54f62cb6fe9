import { Budget } from "../components/budget.ts";

const budget = new Budget("account", { monthlyLimitUsd: 50, email: "owner@example.com" });

export const { budgetName } = budget;
