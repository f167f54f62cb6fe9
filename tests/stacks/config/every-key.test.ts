import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as z from "zod";
import { keyText, namespace } from "../../../stacks/config/commands.ts";
import { isGroup, keys, singleKeys } from "../../../stacks/config/keys.ts";
import { parseConfig } from "../../../stacks/config/parse.ts";
import { describeProblems } from "../../../stacks/config/problems.ts";
import type { Given } from "./given.ts";

/** What stands where a secret may stand, and that no message may contain. */
const planted = "pl4nted-s3cret";
/** The start of a value that has no key's form. */
const malformed = "\t?";

describe("every configuration key", () => {
  for (const { path, field, schema } of singleKeys()) {
    it(`${path.join(".")} takes its own example, and offers an allowed value for any other`, () => {
      assert.ok(z.safeParse(schema, field.example).success);
      // At the top of the namespace Pulumi hands over text, whatever was meant.
      assert.ok(path.length === 2 || z.safeParse(schema, String(field.example)).success);
      fc.assert(
        fc.property(fc.oneof(fc.anything(), fc.string(), fc.double(), fc.integer()), (wrong) => {
          const offered = field.suggest(wrong);
          assert.ok(z.safeParse(schema, offered).success, String(offered));
        }),
      );
    });
  }
});

describe("any mix of wrong configuration", () => {
  it("is told in one error that names every key and shows no secret", () => {
    fc.assert(
      fc.property(wrongConfiguration(), ({ raw, secretKeys }) => {
        const text = errorOf({ raw, secretKeys });
        for (const key of Object.keys(raw)) assert.ok(text.includes(key), `${key} is missing in:\n${text}`);
        assert.ok(!text.includes(planted), text);
      }),
    );
  });

  it("is right once the first command of each problem was run", () => {
    fc.assert(
      fc.property(wrongConfiguration(), (wrong) => {
        let given = wrong;
        // A command may bring a rule into play that did not apply before.
        for (let round = 0; round < 3 && errorOf(given) !== ""; round += 1) {
          given = fixesFor(given).reduce(run, given);
        }
        assert.equal(errorOf(given), "");
      }),
    );
  });
});

function errorOf({ raw, secretKeys }: Given): string {
  const outcome = parseConfig(raw, secretKeys, "s");
  return outcome.ok ? "" : describeProblems(outcome.problems, "s");
}

function fixesFor({ raw, secretKeys }: Given): string[] {
  const outcome = parseConfig(raw, secretKeys, "s");
  return outcome.ok ? [] : outcome.problems.flatMap(({ fixes }) => fixes.slice(0, 1));
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly encrypted: boolean;
}

function wrongConfiguration(): fc.Arbitrary<Given> {
  const tops = singleKeys().filter(({ path }) => path.length === 1);
  const secrets = tops.filter(({ field }) => field.secretOf !== undefined).map(({ path }) => path[0]);
  const plain = tops.filter(({ field }) => field.secretOf === undefined).map(({ path }) => path[0]);
  const groups = [...keys.values()].filter(isGroup);
  const entry = fc.oneof(
    fc.record<Entry>({
      key: fc.constantFrom(...plain),
      value: fc.string().map((text) => malformed + text),
      encrypted: fc.constant(false),
    }),
    fc.record<Entry>({
      key: fc.constantFrom(...plain, ...groups.map(({ name }) => name)),
      value: fc.constant(planted),
      encrypted: fc.constant(true),
    }),
    fc.record<Entry>({
      key: fc.constantFrom(...secrets),
      value: fc.string().map((text) => malformed + planted + text),
      encrypted: fc.boolean(),
    }),
    fc.record<Entry>({
      key: fc.stringMatching(/^x[a-z0-9]{8}$/),
      value: fc.constant(planted),
      encrypted: fc.boolean(),
    }),
    fc.constantFrom(...groups).chain(({ name, members }) =>
      fc.record<Entry>({
        key: fc.constant(name),
        value: fc
          .record({ member: fc.constantFrom(...members.keys()), wrong: fc.string() })
          .map(({ member, wrong }) => JSON.stringify({ [member]: malformed + wrong, xunknown: planted })),
        encrypted: fc.constant(false),
      }),
    ),
  );
  return fc.uniqueArray(entry, { selector: ({ key }) => key, minLength: 1, maxLength: 15 }).map((all) => ({
    raw: Object.fromEntries(all.map(({ key, value }) => [keyText([key]), value])),
    secretKeys: all.filter(({ encrypted }) => encrypted).map(({ key }) => keyText([key])),
  }));
}

/** Does what the `pulumi config` command would do; where that asks for the value, a right one is given. */
function run({ raw, secretKeys }: Given, commandLine: string): Given {
  const words = commandLine.split(" ").slice(2, -2);
  const [verb, ...others] = words.filter((word) => !word.startsWith("--"));
  const [key = "", value] = others;
  const path = (key.startsWith(`${namespace}:`) ? key.slice(namespace.length + 1) : key).split(".");
  const full = keyText([path[0] ?? ""]);
  const [nested] = path.slice(1);
  const known = singleKeys().find((one) => one.path.join(".") === path.join("."));
  const set = value ?? String(known?.field.example);
  const rest = Object.fromEntries(Object.entries(raw).filter(([name]) => name !== full));
  const encrypted = secretKeys.filter((name) => name !== full);
  if (nested !== undefined) {
    const group: unknown = JSON.parse(raw[full] ?? "{}");
    const kept = Object.entries(Object(group) as object).filter(([name]) => name !== nested);
    const members = Object.fromEntries(
      verb === "rm" ? kept : [...kept, [nested, asPulumiStores(set)]],
    ) as unknown;
    return { raw: { ...rest, [full]: JSON.stringify(members) }, secretKeys: encrypted };
  }
  if (verb === "rm") return { raw: rest, secretKeys: encrypted };
  return {
    raw: { ...rest, [full]: set },
    secretKeys: words.includes("--secret") ? [...encrypted, full] : encrypted,
  };
}

/** `pulumi config set --path` stores whole numbers and switches as such, all else as text. */
function asPulumiStores(value: string): unknown {
  return /^(?:true|false|\d+)$/.test(value) ? JSON.parse(value) : value;
}
