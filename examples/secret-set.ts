import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { SecretSet } from "../components/secret-set.ts";
import { given } from "./given.ts";

const { kmsKeyArn, accountId } = given;

const secrets = new SecretSet("secrets", {
  path: "/shop/staging",
  kmsKeyArn,
  accountId,
  recoveryWindowDays: 7,
  secrets: {
    "api-keys": {
      description: "What callers of the orders present",
      values: { ORDERS_KEY: new RandomPassword("orders-key", { length: 48, special: false }).result },
    },
  },
});

export const { names } = secrets;
