import assert from "node:assert/strict";
import { protectionText } from "../../../sandbox/cli/protection.ts";
import type { StateResource } from "../../../sandbox/cli/state.ts";

const resource = (protect: boolean): StateResource => ({
  urn: "urn:pulumi:production::macro-ai::aws:rds/instance:Instance::database",
  type: "aws:rds/instance:Instance",
  custom: true,
  protect,
});
const text = (protect: boolean, config = {}) =>
  protectionText("production", "macro-ai", { file: "", resources: [resource(protect)], pending: [] }, config);

describe("protection from npm start -- --destroy", () => {
  it("explains the three steps", () => {
    const explained = text(true) ?? "";
    assert.match(explained, /Instance database hold what cannot be made again/);
    assert.match(
      explained,
      /1\. npm run sandbox -- config set macro-ai:deletionProtection false --stack production$/m,
    );
    assert.match(explained, /2\. npm start -- --stack production /);
    assert.match(explained, /3\. npm start -- --stack production --destroy$/m);
  });

  it("marks the first step when it was taken", () => {
    assert.match(
      text(true, { "macro-ai:deletionProtection": "false" }) ?? "",
      /--stack production {3}\(done\)$/m,
    );
  });

  it("lets a stack be destroyed that holds nothing protected", () => {
    assert.equal(text(false), undefined);
  });
});
