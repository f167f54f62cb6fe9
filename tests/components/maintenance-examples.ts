import * as pulumi from "@pulumi/pulumi";
import type { DatabaseBootstrapArgs } from "../../components/database-bootstrap.ts";
import type { MaintenanceNetwork, MaintenanceSetting } from "../../components/maintenance-function.ts";
import type { RotationBaseArgs } from "../../components/rotation-base.ts";
import type { RotationFunctionArgs } from "../../components/rotation-function.ts";
import type { SecretReminderArgs } from "../../components/secret-reminder.ts";
import { accountId, kmsKeyArn, region } from "./examples.ts";

/** Good arguments for each component that looks after secrets; tests change one thing at a time. */

export const deadLetterArn = `arn:aws:sqs:${region}:${accountId}:dead-letters`;
export const logGroup = {
  name: "rotation-1",
  arn: `arn:aws:logs:${region}:${accountId}:log-group:rotation-1`,
};
export const secretsKeyArn = `arn:aws:kms:${region}:${accountId}:key/0a1b2c3d-0000-4000-8000-000000000001`;
const secretNamed = (name: string): string =>
  `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-AbCdEf`;
export const secretArn = secretNamed("/macro-ai/production/database-credentials");
export const masterSecretArn = secretNamed("rds!db-1");

export const base: RotationBaseArgs = {
  region,
  accountId,
  kmsKeyArn,
  tracing: "xray",
  concurrency: "one",
  logRetentionDays: 180,
};

const setting: MaintenanceSetting = {
  region,
  accountId,
  kmsKeyArn,
  logGroup,
  deadLetterArn,
  tracing: "xray",
  concurrency: "one",
};

export const network: MaintenanceNetwork = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-private-1", "subnet-private-2"],
  reaches: [
    {
      peer: { label: "database", securityGroupId: pulumi.output("sg-database"), port: 5432 },
      reason: "new passwords",
    },
  ],
  internet: "HTTPS to the AWS APIs",
};

/** A function's code, of so many words. */
export const code = (words: string): RotationFunctionArgs["code"] => ({
  archive: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(words) }),
  hash: words,
});

export const rotation: RotationFunctionArgs = {
  setting,
  label: "Database rotation",
  code: code("export const handler = () => undefined;"),
  environment: { DATABASE_USERS: "single" },
  statements: [{ sid: "Beyond", actions: ["rds:DescribeDBInstances"], resources: ["arn:aws:rds:::db:x"] }],
  timeoutSeconds: 120,
  secretArn,
  secretKeyArn: secretsKeyArn,
  schedule: { days: 90, windowHours: 4 },
};

export const bootstrap: DatabaseBootstrapArgs = {
  setting,
  label: "Database bootstrap",
  code: code("first"),
  timeoutSeconds: 120,
  network,
  databaseId: "database-1a2b3c4d",
  server: { host: "database.example", port: 5432, databaseName: "macro_ai" },
  applicationSecret: { arn: secretArn, keyArn: secretsKeyArn },
  masterSecret: { arn: masterSecretArn, keyArn: kmsKeyArn },
};

export const reminder: SecretReminderArgs = {
  setting,
  label: "Reminder",
  code: code("reminds"),
  timeoutSeconds: 60,
  values: [{ secretArn, field: "OPENAI_API_KEY", everyDays: 90 }],
  secretsKeyArn,
};
