import assert from "node:assert/strict";
import { AuditTrail, type AuditTrailArgs } from "../../components/audit-trail.ts";
import { run } from "./mocks.ts";

const args: AuditTrailArgs = {
  kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
  accountId: "123456789012",
  region: "us-east-1",
  retentionDays: 365,
  logRetentionDays: 90,
};
const outputs = {
  "random:index/randomId:RandomId": () => ({ hex: "1a2b3c4d" }),
  "aws:s3/bucket:Bucket": ({ name }: { name: string }) => ({ bucket: `${name}-1a2b3c4` }),
};

describe("AuditTrail", () => {
  it("records every region, encrypted and provably untouched", async () => {
    const { recording } = await run(() => new AuditTrail("audit", args), { outputs });
    const { inputs } = recording.one("aws:cloudtrail/trail:Trail");
    assert.equal(inputs["name"], "audit-1a2b3c4d");
    assert.equal(inputs["kmsKeyId"], args.kmsKeyArn);
    for (const property of ["isMultiRegionTrail", "enableLogFileValidation", "includeGlobalServiceEvents"]) {
      assert.equal(inputs[property], true, property);
    }
  });

  it("lets only this trail write to its bucket, and nobody delete", async () => {
    const { recording } = await run(() => new AuditTrail("audit", args), { outputs });
    const statements = recording.statements(recording.one("aws:s3/bucketPolicy:BucketPolicy"));
    assert.deepEqual(
      statements.map(({ sid }) => sid),
      ["DenyPlaintext", "TrailChecksBucket", "TrailWrites", "DenyDeletion"],
    );
    assert.deepEqual(statements[2]?.["conditions"], {
      StringEquals: {
        "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:123456789012:trail/audit-1a2b3c4d",
        "s3:x-amz-acl": "bucket-owner-full-control",
      },
    });
  });

  it("logs who reads its files where it is told to", async () => {
    const accessLogs = { bucketName: "website-logs-1a2b3c4", prefix: "s3/" };
    const { recording } = await run(() => new AuditTrail("audit", { ...args, accessLogs }), { outputs });
    assert.deepEqual(recording.one("aws:s3/bucketLogging:BucketLogging").inputs, {
      bucket: "audit-files-1a2b3c4",
      targetBucket: "website-logs-1a2b3c4",
      targetPrefix: "s3/",
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
    });
    const without = await run(() => new AuditTrail("audit", args), { outputs });
    assert.deepEqual(without.recording.all("BucketLogging"), []);
  });

  it("leaves its files behind as guarded as they were: the bucket stays with all its parts", async () => {
    const accessLogs = { bucketName: "website-logs-1a2b3c4", prefix: "s3/" };
    const { recording } = await run(() => new AuditTrail("audit", { ...args, accessLogs }), { outputs });
    const parts = recording.resources.filter(({ type }) => type.startsWith("aws:s3/"));
    assert.equal(parts.length, 8);
    for (const { type, options } of parts) assert.ok(options.retainOnDelete, type);
  });

  it("starts only when bucket policy and log role are in force", async () => {
    const { recording } = await run(() => new AuditTrail("audit", args), { outputs });
    const { propertyDependencies } = recording.one("aws:cloudtrail/trail:Trail").options;
    const bucketPolicy = recording.one("aws:s3/bucketPolicy:BucketPolicy");
    assert.ok(propertyDependencies["s3BucketName"]?.includes(bucketPolicy.urn));
    const rolePolicy = recording.one("aws:iam/rolePolicy:RolePolicy");
    assert.ok(propertyDependencies["cloudWatchLogsRoleArn"]?.includes(rolePolicy.urn));
  });

  it("raises an alarm on silence", async () => {
    const { result } = await run(() => new AuditTrail("audit", args), { outputs });
    const [alarm] = result.alarms();
    assert.equal(alarm?.metric.metricName, "IncomingLogEvents");
    assert.equal(alarm.missingData, "breaching");
    assert.deepEqual([alarm.metric.periodSeconds, alarm.evaluationPeriods], [3600, 3]);
  });

  it("tells at once who stops, deletes or changes it", async () => {
    const { result } = await run(() => new AuditTrail("audit", args), { outputs });
    assert.partialDeepStrictEqual(result.events(), [
      {
        name: "audit-trail-changed",
        pattern: {
          source: ["aws.cloudtrail"],
          detail: { eventName: ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"] },
        },
        words: "$.detail.userIdentity.arn",
      },
    ]);
  });

  it("refuses to forget too soon", async () => {
    await assert.rejects(
      run(() => new AuditTrail("audit", { ...args, retentionDays: 30, logRetentionDays: 91 })),
      /AuditTrail "audit" has 2 bad arguments:\n {2}logRetentionDays is 91;.*\n {2}retentionDays is 30; keep the files for at least 90 days/,
    );
  });
});
