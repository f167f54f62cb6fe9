import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkout, nameOf, Project, succeeded } from "./harness.ts";

const expected = ["project", "stack", "environment", "scale", "component", "owner", "cost-centre"];

interface Planned {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly inputs?: { readonly tags?: Readonly<Record<string, unknown>> };
}

/** What the tests read of `pulumi preview --json`. */
interface Preview {
  readonly steps: readonly { readonly newState: Planned }[];
}

/** What the SDK itself says: independent of the list that the program goes by. */
async function takesTags(type: string): Promise<boolean> {
  const [, service = "", name = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  const file = join(checkout, "node_modules/@pulumi/aws", service, `${name}.d.ts`);
  const declarations = await readFile(file, "utf8");
  const args = declarations.slice(declarations.search(/^export interface \w+Args \{/m));
  return /^ {4}tags\?: /m.test(args);
}

describe("tags", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.ofCheckout();
  });
  after(() => project.remove());

  for (const [stack, scale] of [
    ["staging", "hobby"],
    ["production", "enterprise"],
  ] as const) {
    it(`stand on everything of ${stack} that takes them, on what awsx makes as well`, async () => {
      const { stdout } = succeeded(await project.sandbox("preview", "--json", "--stack", stack));
      const { steps } = JSON.parse(stdout) as Preview;
      const made = steps.map(({ newState }) => newState).filter(({ custom }) => custom);
      const ofAws = made.filter(({ type }) => type.startsWith("aws:"));
      const takes = new Map<string, boolean>();
      for (const { type } of ofAws) if (!takes.has(type)) takes.set(type, await takesTags(type));
      const taggable = ofAws.filter(({ type }) => takes.get(type));
      assert.ok(taggable.length > 20, `${taggable.length} of ${ofAws.length}`);
      const untagged = taggable.flatMap((resource) => {
        const tags = resource.inputs?.tags ?? {};
        const missing = expected.filter((tag) => typeof tags[tag] !== "string" || tags[tag] === "");
        return missing.map((tag) => `${resource.type} ${nameOf(resource)}: no ${tag}`);
      });
      assert.deepEqual(untagged, []);
      const told = new Set(
        taggable.map(
          ({ inputs }) => `${String(inputs?.tags?.["environment"])} ${String(inputs?.tags?.["scale"])}`,
        ),
      );
      assert.deepEqual([...told], [`${stack} ${scale}`]);
      if (scale === "enterprise") {
        const children = taggable.filter(({ urn }) => urn.includes("awsx:ec2:Vpc$"));
        assert.ok(children.some(({ type }) => type === "aws:ec2/natGateway:NatGateway"));
        assert.deepEqual(
          [...new Set(children.map(({ inputs }) => inputs?.tags?.["component"]))],
          ["network"],
        );
      }
    });
  }
});
