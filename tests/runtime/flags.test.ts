import assert from "node:assert/strict";
import { appEnvs } from "../../runtime/environments.ts";
import { flagNames, getFeatureFlags, parseFlags } from "../../runtime/flags.ts";

/** In the order of the document's interface: analytics, beta, debug log, performance. */
const expected = {
  development: [false, true, true, false],
  test: [false, true, true, false],
  staging: [true, true, true, true],
  // Rehearses what staging has; the document has no line for it.
  uat: [true, true, true, true],
  production: [true, false, false, true],
  // Stands in for production, where the document's default would log what users say.
  dr: [true, false, false, true],
} as const;

describe("getFeatureFlags", () => {
  for (const appEnv of appEnvs) {
    it(`is the document's table: ${appEnv}`, () => {
      const flags = getFeatureFlags(appEnv);
      assert.deepEqual(Object.keys(flags), [
        "enableAdvancedAnalytics",
        "enableBetaFeatures",
        "enableDebugLogging",
        "enablePerformanceMonitoring",
      ]);
      assert.deepEqual(Object.values(flags), expected[appEnv]);
      assert.ok(Object.isFrozen(flags));
    });
  }

  it("takes some flags from the configuration, for this call alone", () => {
    const overrides = { enableBetaFeatures: true };
    assert.deepEqual(getFeatureFlags("production", overrides), {
      ...getFeatureFlags("production"),
      enableBetaFeatures: true,
    });
    assert.equal(getFeatureFlags("production").enableBetaFeatures, false);
  });
});

describe("parseFlags", () => {
  it("reads flags parted by commas", () => {
    assert.deepEqual(parseFlags(" enableBetaFeatures = false, enableDebugLogging=true ,"), {
      enableBetaFeatures: false,
      enableDebugLogging: true,
    });
    assert.deepEqual(parseFlags(""), {});
  });

  for (const [text, message] of [
    ["enableBeta=true", /^must be flag=true or flag=false.*flags are enableAdvancedAnalytics, /],
    ["enableBetaFeatures", /^must be flag=true/],
    ["enableBetaFeatures=", /^must say true or false for enableBetaFeatures: enableBetaFeatures=true$/],
    ["enableBetaFeatures=1", /^must say true or false/],
    ["enableBetaFeatures=true=false", /^must say true or false/],
    ["enableBetaFeatures=true,enableBetaFeatures=false", /^names enableBetaFeatures twice$/],
    ["toString=true", /^must be flag=true/],
  ] as const) {
    it(`refuses ${text}`, () => {
      const said = parseFlags(text);
      assert.ok(typeof said === "string");
      assert.match(said, message);
    });
  }

  it("names every flag there is", () => assert.equal(flagNames.length, 4));
});
