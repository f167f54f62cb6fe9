import assert from "node:assert/strict";
import { usageKeys, type UsageKey } from "../../../policies/cost/usage-keys.ts";
import { unreadText, usageOf } from "../../../policies/cost/usage.ts";
import { production, staging } from "./priced.ts";

describe("usage", () => {
  it("is committed for every scale and key", () => {
    for (const subject of [production, staging])
      for (const key of Object.keys(usageKeys))
        assert.ok(usageOf(subject).of("any", key as UsageKey) >= 0, key);
  });

  it("is the most particular one: by resource, by environment and scale, by environment, by scale", () => {
    const content = {
      enterprise: { "nat.processedGb": 1, "waf.requests": 1, resources: { "front*": { "waf.requests": 2 } } },
      production: { "nat.processedGb": 3 },
      "production-enterprise": { "s3.storageGb": 4 },
      "staging-enterprise": { "nat.processedGb": 5 },
    };
    const usage = usageOf(production, { file: "own.json", content });
    assert.equal(usage.of("gateway", "nat.processedGb"), 3);
    assert.equal(usage.of("back", "waf.requests"), 1);
    assert.equal(usage.of("front-door", "waf.requests"), 2);
    assert.equal(usage.of("files", "s3.storageGb"), 4);
    assert.equal(usage.of("logs", "logs.ingestedGb"), usageOf(production).of("logs", "logs.ingestedGb"));
  });

  it("a file of one's own goes before the committed one, its resources included", () => {
    const usage = usageOf(production, {
      file: "own.json",
      content: { production: { "logs.ingestedGb": 7 } },
    });
    assert.equal(usage.of("api-logs", "logs.ingestedGb"), 7);
  });

  it("that nothing reads is told, with who is charged by it; what is for other stacks is not", () => {
    const resources = {
      "api*": { "logs.ingestedGb": 1, "nat.processedGb": 1 },
      "network-gateway": { "nat.processedGb": 1 },
      search: { "waf.requests": 1 },
      "unpriced-*": { "nat.processedGb": 1 },
    };
    const usage = usageOf(production, {
      file: "own.json",
      content: { production: { resources }, staging: { resources } },
    });
    usage.of("api-logs", "logs.ingestedGb");
    usage.of("network-1", "nat.processedGb");
    assert.deepEqual(usage.unread(new Set(["unpriced-gateway"])).map(unreadText), [
      'production.resources["api*"].nat.processedGb matches no resource of this stack that is charged by that; there is network-1',
      'production.resources["network-gateway"].nat.processedGb matches no resource of this stack that is charged by that; there is network-1',
      'production.resources["search"].waf.requests matches no resource: nothing in this stack is charged by that',
    ]);
    assert.deepEqual(usageOf(production).unread(new Set()), []);
  });

  it("that cannot be read is told with all its problems at once", () => {
    const content = {
      prodution: {},
      enterprise: { "nat.gigabytes": 1, "nat.processedGb": -1, "s3.storageGb": "2", "waf.requests": 1e300 },
      hobby: { resources: { api: { "lambda.requests": null } } },
      staging: [],
    };
    assert.throws(
      () => usageOf(staging, { file: "own.yaml", content }),
      ({ message }: Error) => {
        const [head = "", ...problems] = message.split("\n");
        assert.equal(head, "own.yaml has 7 problem(s):");
        const expected = [
          /^ {2}prodution is not known; known are hobby, enterprise, development, staging, .*production-enterprise/,
          /^ {2}enterprise\.nat\.gigabytes is not known; known are lambda\.requests, /,
          /^ {2}enterprise\.nat\.processedGb is -1; it must be a number from 0 to 1e12$/,
          /^ {2}enterprise\.s3\.storageGb is "2"; it must be a number from 0 to 1e12$/,
          /^ {2}enterprise\.waf\.requests is 1e\+300; it must be a number from 0 to 1e12$/,
          /^ {2}hobby\.resources\["api"\]\.lambda\.requests is null; it must be a number from 0 to 1e12$/,
          /^ {2}staging is \[\]; it must be an object$/,
          /docs\/cost\.md/,
        ];
        assert.equal(problems.length, expected.length);
        for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? "", pattern);
        return true;
      },
    );
  });
});
