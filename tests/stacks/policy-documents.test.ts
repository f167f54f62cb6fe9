import assert from "node:assert/strict";
import { scales } from "../../stacks/environments.ts";
import { unknown } from "../components/mocks.ts";
import { evaluate, given } from "./program.ts";

/** Where resources keep a policy. */
const PROPERTIES = ["policy", "assumeRolePolicy", "policyDocument"];

describe("a policy in a preview", function () {
  this.timeout(30_000);

  for (const scale of scales) {
    it(`is known at ${scale} scale, or its statements are registered beside it`, async () => {
      const config = { ...given("production", scale), features: JSON.stringify({ auditTrail: true }) };
      const { recording } = await evaluate(config, { preview: true });
      const bearers = recording.resources.flatMap((resource) =>
        PROPERTIES.flatMap((property) =>
          property in resource.inputs ? [{ resource, value: resource.inputs[property] }] : [],
        ),
      );
      const [asData, asText] = [true, false].map((isData) =>
        bearers.filter(({ resource: { parent } }) => (recording.at(parent).type === DOCUMENT) === isData),
      );
      assert.ok(asData?.some(({ value }) => value === unknown));
      const hidden = asText?.filter(({ value }) => value === unknown).map(({ resource: { urn } }) => urn);
      assert.deepEqual(hidden, []);
    });
  }
});

const DOCUMENT = "macro-ai:components:PolicyDocument";
