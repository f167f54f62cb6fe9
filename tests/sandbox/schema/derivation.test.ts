import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeclarationError } from "../../../sandbox/schema/declarations.ts";
import { deriveSchema, forcesReplacement } from "../../../sandbox/schema/derivation.ts";

const files: Readonly<Record<string, string>> = {
  "package.json": '{ "version": "7.0.0" }',
  "s3/thing.d.ts": `
    export declare class Thing extends pulumi.CustomResource {
      static get(name: string): Thing;
      readonly arn: pulumi.Output<string>;
      readonly size: pulumi.Output<number | undefined>;
      readonly rules: pulumi.Output<outputs.s3.ThingRule[]>;
    }
    export interface ThingArgs {
      /** Size of it. Changing this forces a new resource to be created. */
      size?: pulumi.Input<number | undefined>;
      /** If set to two, changing this forces a new resource. */
      colour: pulumi.Input<string | enums.s3.Colour>;
      shape?: pulumi.Input<enums.s3.Colour | undefined>;
      rules?: pulumi.Input<pulumi.Input<inputs.s3.ThingRule>[] | undefined>;
      role?: pulumi.Input<string | Role | undefined>;
      roles?: pulumi.Input<pulumi.Input<string | Role>[] | undefined>;
      policy?: pulumi.Input<string | inputs.s3.Document | undefined>;
      code?: pulumi.Input<pulumi.asset.Archive | undefined>;
      source?: pulumi.Input<pulumi.asset.Asset | pulumi.asset.Archive | undefined>;
      labels?: pulumi.Input<{ [key: string]: pulumi.Input<string>; } | undefined>;
      nothing?: never;
    }`,
  "getThing.d.ts": "export interface GetThingArgs { name: string; regions?: string[]; }",
  "getNone.d.ts": "export declare function getNone(): Promise<void>;",
  "types/input.d.ts": `
    export declare namespace s3 {
      interface ThingRule { port: pulumi.Input<number>; nested?: pulumi.Input<inputs.s3.ThingRule | undefined>; }
      interface Document { Version: pulumi.Input<string>; }
    }`,
  "types/enums/s3/index.d.ts":
    'export declare const Colour: { readonly Red: "red"; readonly Blue: "blue"; };',
};

describe("deriveSchema", () => {
  let modules: string;

  before(() => {
    modules = mkdtempSync(join(tmpdir(), "sdk-"));
    for (const [path, text] of Object.entries(files)) {
      const file = join(modules, "sdk", path);
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, text);
    }
  });
  after(() => {
    rmSync(modules, { recursive: true });
  });

  it("reads kinds, what may be left out, nested types and what forces a replacement", () => {
    const schema = deriveSchema({
      sdk: "sdk",
      resources: ["aws:s3/thing:Thing"],
      functions: ["aws:index/getThing:getThing", "aws:index/getNone:getNone"],
      modules,
    });
    assert.deepEqual(schema, {
      sdk: { name: "sdk", version: "7.0.0" },
      resources: {
        "aws:s3/thing:Thing": {
          inputs: {
            size: "number?",
            colour: "string",
            shape: "'red'|'blue'?",
            rules: "[]#s3.ThingRule?",
            role: "string?",
            roles: "[]string?",
            policy: "string|#s3.Document?",
            code: "archive?",
            source: "asset|archive?",
            labels: "{}string?",
          },
          outputs: { arn: "string", size: "number?", rules: "[]#s3.ThingRule" },
          replaceOn: ["size"],
        },
      },
      functions: {
        "aws:index/getNone:getNone": { inputs: {} },
        "aws:index/getThing:getThing": { inputs: { name: "string", regions: "[]string?" } },
      },
      types: {
        "s3.Document": { Version: "string" },
        "s3.ThingRule": { port: "number", nested: "#s3.ThingRule?" },
      },
    });
  });

  it("lists every type that the SDK does not declare", () => {
    assert.throws(
      () =>
        deriveSchema({
          sdk: "sdk",
          resources: ["aws:s3/no:No", "aws:s3/thing:Other"],
          functions: [],
          modules,
        }),
      (error) => {
        assert.ok(error instanceof DeclarationError);
        assert.match(
          error.message,
          /sdk 7.0.0 declares no such type:\n {2}aws:s3\/no:No: There is no .*no.d.ts\n {2}aws:s3\/thing:Other: /,
        );
        return true;
      },
    );
  });
});

describe("forcesReplacement", () => {
  for (const [comment, expected] of [
    ["Name of it. Changing this forces a new resource.", true],
    ["(Forces new resource) The id.", true],
    ["Forces replacement if modified.", true],
    ["If it is on, changing this value will force a replacement.", false],
    ["Changing this does not force a new resource.", false],
    ["Enable to force a new task deployment of the service.", false],
  ] as const)
    it(`${expected ? "reads" : "does not read"} a replacement out of "${comment}"`, () => {
      assert.equal(forcesReplacement(comment), expected);
    });
});
