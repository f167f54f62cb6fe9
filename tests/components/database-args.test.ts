import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { assertDatabaseArgs } from "../../components/database-args.ts";
import { Database, type DatabaseArgs } from "../../components/database.ts";
import * as examples from "./examples.ts";

function problemsOf(changes: Partial<DatabaseArgs>, name = "database"): string[] {
  try {
    assertDatabaseArgs(name, { ...examples.database, ...changes });
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error));
    return error.errors.map(({ propertyPath }) => propertyPath);
  }
  return [];
}

describe("Database, its arguments", () => {
  it("accepts the example, and tells all bad arguments at once before anything is made", () => {
    assert.deepEqual(problemsOf({}), []);
    assert.throws(
      () =>
        new Database("database", {
          ...examples.database,
          databaseName: "db",
          backupRetentionDays: 0,
          logRetentionDays: 2,
        }),
      (error) =>
        pulumi.InputPropertiesError.isInstance(error) &&
        /^Database "database" has 3 bad arguments:\n {2}databaseName is "db"; /.test(error.message),
    );
  });

  for (const [path, changes] of [
    ["databaseName", { databaseName: "macro-ai" }],
    ["masterUsername", { masterUsername: "admin" }],
    ["engineVersion", { engineVersion: "latest" }],
    ["instanceClass", { instanceClass: "t4g.medium" }],
    ["allocatedStorageGiB", { allocatedStorageGiB: 10 }],
    ["maxAllocatedStorageGiB", { maxAllocatedStorageGiB: 54 }],
    ["backupRetentionDays", { backupRetentionDays: 36 }],
    ["masterPasswordRotationDays", { masterPasswordRotationDays: 0 }],
    ["backupWindow", { backupWindow: "3-4" }],
    ["maintenanceWindow", { maintenanceWindow: "04:30-05:30" }],
    ["restore.time", { restore: { sourceIdentifier: "a", time: "yesterday" } }],
    [
      "replicateBackups.retentionDays",
      { replicateBackups: { region: "us-west-2", kmsKeyArn: "", retentionDays: 0 } },
    ],
    ['parameters["rds.force_ssl"]', { parameters: { "rds.force_ssl": "0" } }],
    ["parameters.log_statement", { parameters: { log_statement: "all" } }],
    ["parameters.shared_preload_libraries", { parameters: { shared_preload_libraries: "vector" } }],
  ] as const) {
    it(`refuses a bad ${path}`, () => assert.deepEqual(problemsOf(changes), [path]));
  }

  it("refuses a name that RDS would not take", () => {
    assert.deepEqual(problemsOf({}, "Data--base"), ["name"]);
  });
});
