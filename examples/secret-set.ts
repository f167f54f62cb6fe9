import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { aws } from "../components/aws.ts";
import { SecretSet } from "../components/secret-set.ts";
import { given } from "./given.ts";

const { kmsKeyArn, rotationFunctionArn, accountId } = given;

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

// From the first rotation on the values are the function's: no deployment writes an old one back.
new aws.secretsmanager.SecretRotation("api-keys", {
  secretId: secrets.arnOf("api-keys"),
  rotationLambdaArn: rotationFunctionArn,
  rotationRules: { automaticallyAfterDays: 30 },
});

export const { names } = secrets;
