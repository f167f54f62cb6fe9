import * as pulumi from "@pulumi/pulumi";
import { SecretReminder } from "../components/secret-reminder.ts";
import { given } from "./given.ts";

const { kmsKeyArn, maintenance, secretArn } = given;

// Publishes the days that are left; see rotation/reminder.ts for one that does.
const code = "export const handler = async () => console.log(process.env.REMINDERS);";

const reminder = new SecretReminder("reminder", {
  setting: maintenance,
  label: "Reminder of the orders keys",
  code: {
    archive: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(code) }),
    hash: code,
  },
  timeoutSeconds: 30,
  values: [{ secretArn, field: "PAYMENT_KEY", everyDays: 90 }],
  secretsKeyArn: kmsKeyArn,
});

export const { functionName } = reminder;
