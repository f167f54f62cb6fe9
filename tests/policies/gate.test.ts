import assert from "node:assert/strict";
import { Gate, type Occasion, type Report } from "../../policies/core/gate.ts";
import type { StackResource } from "../../policies/core/graph.ts";
import { isTrue, isCustomerKey, properties } from "../../policies/core/expectations.ts";
import { check, type About, type Rule } from "../../policies/core/rule.ts";
import { SecretSight } from "../../policies/core/secrets.ts";
import { unknown, unknownCheckingProxy, type Inputs } from "./harness.ts";

const DISK = "aws:ebs/volume:Volume";
const KEY = "aws:kms/key:Key";

const about = (name: string, group: About["group"] = "encryption"): About => ({
  name,
  description: `Demands ${name}.`,
  severity: "high",
  group,
  references: [],
  url: "https://example.com",
});

const encrypted: Rule = {
  ...about("disk-encrypted"),
  checks: [
    properties<{ encrypted: boolean; kmsKeyId: string }>(DISK, {
      encrypted: isTrue,
      kmsKeyId: isCustomerKey,
    }),
  ],
};
const kept: Rule = {
  ...about("disk-kept", "resilience"),
  checks: [properties<{ finalSnapshot: boolean }>(DISK, { finalSnapshot: isTrue })],
};
const broken: Rule = {
  ...about("disk-broken"),
  checks: [
    check(DISK, () => {
      throw new Error("no such property");
    }),
  ],
};
const brokenStack: Rule = {
  ...about("stack-broken"),
  types: [DISK],
  judge: () => {
    throw new Error("no such edge");
  },
};

const preview: Occasion = { preview: true, stack: {}, today: new Date("2026-06-01T12:00:00Z") };
const update: Occasion = { ...preview, preview: false };
const good = { encrypted: true, kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1", finalSnapshot: true };

const urnOf = (name: string, type: string): string => `urn:pulumi:production::shop::${type}::${name}`;

/** A stack with one disk, from its first resource to its last; the disk's key comes from where `keySource` says. */
function judge(
  rules: Rule[],
  inputs: Inputs,
  occasion: Occasion,
  configuration: unknown = {},
  keySource?: string,
): { before: Report[]; after: Report[]; gate: Gate } {
  const gate = new Gate(rules, occasion, new SecretSight());
  const props = unknownCheckingProxy(inputs);
  const before = [
    ...gate.configure(configuration),
    ...gate.resource({ urn: urnOf("disk", DISK), name: "disk", type: DISK, custom: true, properties: props }),
  ];
  const resources: StackResource[] = [
    {
      urn: urnOf("shop", "pulumi:pulumi:Stack"),
      type: "pulumi:pulumi:Stack",
      name: "shop",
      props: {},
      propertyDependencies: {},
    },
    ...(keySource === undefined
      ? []
      : [
          { urn: urnOf("key", keySource), type: keySource, name: "key", props: {}, propertyDependencies: {} },
        ]),
    {
      urn: urnOf("disk", DISK),
      type: DISK,
      name: "disk",
      props,
      propertyDependencies: keySource === undefined ? {} : { kmsKeyId: [{ urn: urnOf("key", keySource) }] },
    },
  ];
  return { before, after: gate.stack(resources), gate };
}

const told = (reports: Report[]): string[] => reports.map(({ level, rule }) => `${level} ${rule.name}`);

describe("Gate", () => {
  it("passes what every rule accepts, in silence", () => {
    const { before, after } = judge([encrypted, kept], good, preview);
    assert.deepEqual([...before, ...after], []);
  });

  it("says what is wrong with which property before the resource is made", () => {
    const { before } = judge([encrypted], { ...good, encrypted: false }, preview);
    assert.deepEqual(told(before), ["mandatory disk-encrypted"]);
    assert.equal(
      before[0]?.message,
      `disk (${DISK}): encrypted is false; it must be true. Set encrypted to true.`,
    );
  });

  it("fails the resource for a rule that throws, and runs the others", () => {
    const { before, after } = judge([broken, brokenStack, encrypted], { ...good, encrypted: false }, preview);
    assert.deepEqual(told(before), ["mandatory disk-broken", "mandatory disk-encrypted"]);
    assert.match(before[0]?.message ?? "", /^disk .*rule disk-broken is broken \(no such property\)/);
    assert.deepEqual(told(after), ["mandatory stack-broken"]);
    assert.match(after[0]?.message ?? "", /^disk .*rule stack-broken is broken \(no such edge\)/);
    assert.equal(after[0]?.urn, urnOf("disk", DISK));
  });

  describe("with what a preview does not know", () => {
    const blurred = { ...good, encrypted: unknown };

    it("reports it as unproven, once a rule, with the places", () => {
      const { before, after } = judge([encrypted], { ...blurred, kmsKeyId: unknown }, preview);
      assert.deepEqual(before, []);
      assert.deepEqual(told(after), ["advisory unproven"]);
      assert.equal(
        after[0]?.message,
        "disk-encrypted waits for the update with 2 value(s):\n  disk: encrypted\n  disk: kmsKeyId",
      );
    });

    it("still fails for what it knows beside it", () => {
      const { before, after } = judge([encrypted], { ...blurred, kmsKeyId: "" }, preview);
      assert.deepEqual(told([...before, ...after]), ["mandatory disk-encrypted", "advisory unproven"]);
    });

    it("takes the resource that a value comes from as proof, if it is one of the right type", () => {
      const inputs = { ...good, kmsKeyId: unknown };
      assert.deepEqual(judge([encrypted], inputs, preview, {}, KEY).after, []);
      assert.deepEqual(told(judge([encrypted], inputs, preview, {}, "aws:s3/bucket:Bucket").after), [
        "advisory unproven",
      ]);
    });

    it("counts a value that a rule reads without a word as unproven", () => {
      const silent: Rule = {
        ...about("disk-silent"),
        checks: [check<{ size: number }>(DISK, ({ size }) => (size === 0 ? [] : []))],
      };
      assert.equal(
        judge([silent], { size: unknown }, preview).after[0]?.message,
        "disk-silent waits for the update with 1 value(s):\n  disk: size",
      );
      assert.deepEqual(judge([silent], { colour: unknown }, preview).after, []);
    });

    it("refuses it in the update, before the resource is made, but where the configuration says otherwise", () => {
      assert.deepEqual(told(judge([encrypted], blurred, update).before), ["mandatory disk-encrypted"]);
      const lenient = { levels: [{ rules: ["unproven"], where: {}, level: "advisory" }] };
      assert.deepEqual(told(judge([encrypted], blurred, update, lenient).before), [
        "advisory disk-encrypted",
      ]);
    });
  });

  describe("with levels", () => {
    const levels = [
      { rules: ["resilience"], where: {}, level: "advisory" },
      {
        rules: ["resilience"],
        where: { "shop:scale": ["big"], "shop:stage": ["live", null] },
        level: "mandatory",
      },
    ];
    const lossy = { ...good, finalSnapshot: false };
    const levelIn = (stack: Record<string, string>): string[] =>
      told(judge([kept, encrypted], lossy, { ...preview, stack }, { levels }).before);

    it("bites as hard as the last setting says that applies to the stack", () => {
      assert.deepEqual(levelIn({}), ["advisory disk-kept"]);
      assert.deepEqual(levelIn({ "shop:scale": "small" }), ["advisory disk-kept"]);
      assert.deepEqual(levelIn({ "shop:scale": "big" }), ["mandatory disk-kept"]);
      assert.deepEqual(levelIn({ "shop:scale": "big", "shop:stage": "test" }), ["advisory disk-kept"]);
    });

    it("names a single rule, too, and can silence it", () => {
      const off = [{ rules: ["disk-kept"], where: {}, level: "disabled" }];
      assert.deepEqual(told(judge([kept], lossy, preview, { levels: off }).before), []);
    });
  });

  describe("with exemptions", () => {
    const bare = { ...good, encrypted: false };
    const exemption = {
      rule: "disk-encrypted",
      resource: `urn:pulumi:production::shop::*${DISK}::di*`,
      reason: "It holds public data",
      owner: "storage team",
      expires: "2026-06-01",
    };
    const judged = (changes: object, inputs: Inputs = bare): string[] => {
      const { before, after } = judge([encrypted, kept], inputs, preview, {
        exemptions: [{ ...exemption, ...changes }],
      });
      return [...before, ...after].map(({ level, rule, message }) => `${level} ${rule.name}: ${message}`);
    };

    it("sets the finding aside and says so, with reason, owner and expiry", () => {
      assert.deepEqual(judged({}), [
        "advisory exempt: disk-encrypted is set aside for 1 resource(s) until 2026-06-01 by storage team: It holds public data",
      ]);
    });

    it("fails when it has expired, together with what it covered", () => {
      const [finding, problem, ...others] = judged({ expires: "2026-05-31" });
      // The engine may end at the finding.
      assert.match(
        finding ?? "",
        /^mandatory disk-encrypted.*\n.*\(storage team\) expired on 2026-05-31\. Remove it/s,
      );
      assert.match(
        problem ?? "",
        /^mandatory gate-exemptions: .*\(storage team\) expired on 2026-05-31\. Remove it/,
      );
      assert.deepEqual(others, []);
    });

    it("holds for two years at most", () => {
      const [finding, problem] = judged({ expires: "9999-12-31" });
      assert.match(finding ?? "", /^mandatory disk-encrypted/);
      assert.match(
        problem ?? "",
        /^mandatory gate-exemptions: .* ends on 9999-12-31, more than two years from now: it holds until 2028-06-01 at most/,
      );
      assert.match(judged({ expires: "2028-06-01" })[0] ?? "", /^advisory exempt/);
      assert.match(judged({ expires: "2028-06-02" })[0] ?? "", /^mandatory disk-encrypted/);
    });

    it("fails when it covers nothing that breaks the rule", () => {
      assert.match(
        judged({}, good)[0] ?? "",
        /^mandatory gate-exemptions: .* matches nothing that breaks the rule/,
      );
      const elsewhere = judged({ resource: "urn:pulumi:production::shop::*::tape" });
      assert.deepEqual(
        elsewhere.map((text) => text.split(":")[0]),
        ["mandatory disk-encrypted", "mandatory gate-exemptions"],
      );
    });

    it("leaves other stacks' and other rules' findings alone", () => {
      const other = judged({ resource: `urn:pulumi:staging::shop::*${DISK}::disk` });
      assert.deepEqual(
        other.map((text) => text.split(":")[0]),
        ["mandatory disk-encrypted"],
      );
      const wrongRule = judged({ rule: "disk-kept" });
      assert.match(wrongRule[0] ?? "", /^mandatory disk-encrypted/);
    });

    it("covers what is unproven as well", () => {
      assert.match(judged({}, { ...good, encrypted: unknown })[0] ?? "", /^advisory exempt/);
    });
  });

  it("tells every problem of a configuration in one report, and exempts nothing", () => {
    const named = { rule: "disk-encrypted", reason: "x", owner: "me" };
    const everything =
      "which is every resource; it must name one, or a type as in urn:pulumi:production::macro-ai::*$aws:s3/bucket:Bucket::*";
    const { before } = judge([encrypted], { ...good, encrypted: false }, preview, {
      levles: [],
      levels: [{ rules: ["disk-encrypted", "disk-painted"], where: { a: "b" }, level: "loud" }],
      settings: { "disk-encrypted": {} },
      outOfScope: { "aws:x/y:Y": " " },
      exemptions: [
        { rule: "disk-encrypted", resource: "disk", reason: "x", expires: "tomorrow" },
        {
          rule: "no-rule",
          resource: "urn:pulumi:*::*::*",
          reason: "",
          owner: "me",
          expires: "2026-13-01",
          tag: 1,
        },
        { ...named, resource: `urn:pulumi:*::*::*${DISK}::*`, expires: "2027-02-30" },
        { ...named, resource: "urn:pulumi:*::*::*::disk", expires: "2027-02-28" },
        { ...named, resource: "urn:pulumi:*::*::*::**", expires: "2027-02-28" },
      ],
    });
    assert.deepEqual(told(before), ["mandatory gate-configuration", "mandatory disk-encrypted"]);
    assert.equal(
      before[0]?.message,
      [
        "The policy pack's configuration has 16 problem(s):",
        "levles is not known; known are levels, settings, outOfScope, exemptions",
        'levels[0].rules[1] is "disk-painted"; it must be one of: disk-encrypted, encryption, unproven',
        'levels[0].where["a"] is "b"; it must be a list',
        'levels[0].level is "loud"; it must be one of: disabled, advisory, mandatory',
        "settings.disk-encrypted is not known; known are none",
        'outOfScope["aws:x/y:Y"] is " "; it must be the reason why no rule judges the type',
        'exemptions[0].resource is "disk"; it must be a URN such as urn:pulumi:production::macro-ai::*$aws:s3/bucket:Bucket::logs',
        'exemptions[0].expires is "tomorrow"; it must be a date such as 2026-12-31',
        "exemptions[0].owner is not set; it must be who answers for it",
        "exemptions[1].tag is not known; known are rule, resource, reason, owner, expires",
        `exemptions[1].resource is "urn:pulumi:*::*::*", ${everything}`,
        'exemptions[1].expires is "2026-13-01"; it must be a date such as 2026-12-31',
        'exemptions[1].rule is "no-rule"; it must be one of: disk-encrypted',
        'exemptions[1].reason is ""; it must be why the rule may be broken',
        'exemptions[2].expires is "2027-02-30"; it must be a date such as 2026-12-31',
        `exemptions[4].resource is "urn:pulumi:*::*::*::**", ${everything}`,
      ].join("\n  "),
    );
  });

  it("refuses a type that no rule judges and nobody declared, and says how to declare it", () => {
    const gate = new Gate([encrypted], preview, new SecretSight());
    const ask = (type: string, custom = true): string[] =>
      gate
        .resource({ urn: urnOf("x", type), name: "x", type, custom, properties: {} })
        .map(({ message }) => message);
    gate.configure({ outOfScope: { "aws:known/thing:Thing": "It does nothing" } });
    assert.deepEqual(ask("aws:strange/thing:Thing"), [
      "x (aws:strange/thing:Thing): type is judged by no rule; it must be covered by one or declared out of scope. " +
        "Write a rule for aws:strange/thing:Thing (policies/README.md), or add it with the reason to outOfScope in the pack's configuration.",
    ]);
    assert.deepEqual(ask("aws:known/thing:Thing"), []);
    assert.deepEqual(ask("shop:components:Shelf", false), []);
    assert.deepEqual(ask("pulumi:providers:aws"), []);
  });
});
