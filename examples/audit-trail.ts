import { AuditTrail } from "../components/audit-trail.ts";
import { given } from "./given.ts";

const { kmsKeyArn, accountId, region } = given;

const trail = new AuditTrail("audit", {
  kmsKeyArn,
  accountId,
  region,
  retentionDays: 365,
  logRetentionDays: 90,
});

export const { trailArn, bucketName } = trail;
