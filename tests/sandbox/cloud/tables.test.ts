import assert from "node:assert/strict";
import { ownTables } from "../../../sandbox/cloud/cloud.ts";
import type { Tables } from "../../../sandbox/cloud/cloud.ts";
import type { Rule } from "../../../sandbox/cloud/rule.ts";
import type { ResourceDeclaration } from "../../../sandbox/schema/schema.ts";

/** Inputs that a table names for a family of types of which not all have them. */
const shared = new Set(["expectedBucketOwner"]);

/** Every name a rule uses that the SDK does not declare. */
function undeclared(rule: Rule, { inputs, outputs }: ResourceDeclaration): string[] {
  const top = (path: string) => /^[^.[]+/.exec(path)?.[0] ?? path;
  const asInputs = [
    ...(rule.replaceOn ?? []),
    ...(rule.updateOn ?? []),
    ...(rule.sets ?? []),
    ...(rule.writeOnly ?? []),
    ...(rule.name === undefined ? [] : [rule.name.property]),
  ];
  const asOutputs = [...Object.keys(rule.defaults ?? {}), ...(rule.volatile ?? [])];
  return [
    ...asInputs.map(top).filter((name) => !(name in inputs) && !shared.has(name)),
    ...asOutputs.filter((name) => !(name in outputs)),
  ];
}

describe("the tables of the stand-in cloud", () => {
  let tables: Tables;

  before(async () => {
    tables = await ownTables();
  });

  for (const provider of ["aws", "random"] as const)
    it(`name only what the SDK of ${provider} declares`, () => {
      const { rules, schema } = tables[provider];
      const wrong = Object.entries(rules).flatMap(([type, rule]) => {
        const declaration = schema.resources[type];
        return declaration === undefined
          ? [`${type} is not in the derived schema`]
          : undeclared(rule, declaration).map((name) => `${type}: ${name}`);
      });
      assert.deepEqual(wrong, []);
    });

  it("name only components and functions that the SDKs declare", () => {
    const { aws, awsx } = tables;
    assert.deepEqual(
      [
        ...Object.keys(aws.invokes).filter((token) => !(token in aws.schema.functions)),
        ...Object.keys(awsx.components).filter((token) => !(token in awsx.schema.resources)),
      ],
      [],
    );
  });
});
