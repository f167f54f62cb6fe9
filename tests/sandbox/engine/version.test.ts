import assert from "node:assert/strict";

import { isCompatible, MINIMUM_VERSION, pinnedVersion } from "../../../sandbox/engine/version.ts";

describe("versions of the engine", () => {
  it("are compatible from the minimum on, within the major version", () => {
    const verdicts = Object.fromEntries(
      [MINIMUM_VERSION, "3.248.1", "3.300.0", "3.249.0-alpha.1", "3.247.9", "3.99.0", "2.400.0", "4.0.0"].map(
        (version) => [version, isCompatible(version)],
      ),
    );
    assert.deepEqual(verdicts, {
      [MINIMUM_VERSION]: true,
      "3.248.1": true,
      "3.300.0": true,
      "3.249.0-alpha.1": true,
      "3.247.9": false,
      "3.99.0": false,
      "2.400.0": false,
      "4.0.0": false,
    });
  });

  it("are not compatible when they are no versions", () => {
    assert.equal(isCompatible("latest"), false);
    assert.equal(isCompatible(".DS_Store"), false);
  });

  it("pin one that is itself compatible", () => {
    assert.ok(isCompatible(pinnedVersion()), pinnedVersion());
  });
});
