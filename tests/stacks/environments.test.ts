import assert from "node:assert/strict";
import { environments, environmentTraits } from "../../stacks/environments.ts";

/** What the CloudWatch API takes for a log group's retention. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

describe("environments", () => {
  for (const name of environments) {
    const traits = environmentTraits[name];
    it(`${name} has numbers that AWS takes`, () => {
      assert.ok(retentions.includes(traits.logRetentionDays));
      assert.ok(traits.backupRetentionDays >= 1 && traits.backupRetentionDays <= 35);
      const { secretRecoveryDays, keyDeletionDays } = traits;
      assert.ok(secretRecoveryDays === 0 || (secretRecoveryDays >= 7 && secretRecoveryDays <= 30));
      assert.ok(keyDeletionDays >= 7 && keyDeletionDays <= 30);
    });
  }

  it("keep their secrets apart", () => {
    const segments = environments.map((name) => environmentTraits[name].secretSegment);
    assert.deepEqual(segments, ["dev", "staging", "uat", "production", "dr"]);
  });

  it("protect what serves users, and only that", () => {
    const isProtected = environments.filter((name) => environmentTraits[name].deletionProtection);
    assert.deepEqual(isProtected, ["production", "dr"]);
  });
});
