import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../components/cluster.ts";
import { kmsKeyArn } from "./examples.ts";
import { run } from "./mocks.ts";

describe("Cluster", () => {
  it("watches its containers, and encrypts and logs interactive sessions", async () => {
    const { recording } = await run(() => new Cluster("cluster", { kmsKeyArn, logRetentionDays: 180 }));
    assert.deepEqual(recording.one("aws:ecs/cluster:Cluster").inputs, {
      settings: [{ name: "containerInsights", value: "enhanced" }],
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: kmsKeyArn,
          logging: "OVERRIDE",
          logConfiguration: {
            cloudWatchEncryptionEnabled: true,
            cloudWatchLogGroupName: "cluster-sessions-1a2b3c4",
          },
        },
      },
    });
    assert.partialDeepStrictEqual(recording.one("LogGroup").inputs, {
      kmsKeyId: kmsKeyArn,
      retentionInDays: 180,
    });
  });

  it("refuses a retention that CloudWatch does not offer", () => {
    assert.throws(
      () => new Cluster("cluster", { kmsKeyArn, logRetentionDays: 100 }),
      (error: unknown) =>
        pulumi.InputPropertiesError.isInstance(error) && error.errors[0]?.propertyPath === "logRetentionDays",
    );
  });
});
