import { RotationBase } from "../components/rotation-base.ts";
import { given } from "./given.ts";

const { region, accountId, kmsKeyArn } = given;

// Made once; each function takes its `setting`.
const base = new RotationBase("rotation", {
  region,
  accountId,
  kmsKeyArn,
  logRetentionDays: 90,
  tracing: "xray",
  concurrency: "one",
});

export const alarms = base.alarms().map(({ name }) => name);
