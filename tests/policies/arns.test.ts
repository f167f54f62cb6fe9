import assert from "node:assert/strict";
import { coversEvery } from "../../policies/core/arns.ts";
import { powers } from "../../policies/rules/iam/powers.ts";

const ROLE = "iam:role/{}";
const OBJECT = "s3:{}/{}";
const SECRET = "secretsmanager:secret:{}";

describe("coversEvery", () => {
  it("is true where nothing in the pattern names a resource of the kind", () => {
    for (const [kind, ...patterns] of [
      [ROLE, "*", "**", "?*", "*:*", "arn:*", "arn:aws:iam::123456789012:role/**", "arn:aws:iam::*:*"],
      [
        ROLE,
        "arn:aws:iam:*",
        "arn:?ws:i?m::123456789012:ro*",
        "arn:aws:*:role/*",
        "arn:aws-cn:iam::1:role/*/*",
      ],
      [
        OBJECT,
        "arn:aws:s3:::*",
        "arn:aws:s3:::*/*",
        "arn:aws:s3:::?*/*?",
        "arn:aws:s3:*",
        "arn:*:s3:::*-*/*",
      ],
      [SECRET, "arn:aws:secretsmanager:eu-west-1:1:secret:*", "arn:aws:secretsmanager:*:*:secret:*-??????"],
      [
        SECRET,
        "arn:aws:secretsmanager:eu-west-1:*",
        "arn:aws:secretsmanager:*:*:*",
        "arn:aws:secretsmanager:*:*:*:*",
      ],
      [
        "lambda:function:{}",
        "arn:aws:lambda:us-east-1:1:function:*",
        "arn:aws:lambda:us-east-1:1:function:*:*",
      ],
    ] as const)
      for (const pattern of patterns) assert.ok(coversEvery(pattern, kind), `${pattern} of ${kind}`);
  });

  it("is false where it names some, or is of another kind", () => {
    for (const [kind, ...patterns] of [
      [
        ROLE,
        "arn:aws:iam::1:role/app-*",
        "arn:aws:iam::1:role/*-app",
        "arn:aws:iam::1:user/*",
        "arn:aws:sqs:::*",
      ],
      [
        ROLE,
        "arn:aws:iam::*:role/deployer",
        "arn:aws:iam::1:role/?pp",
        "arn:aws:iam::1:role/q*",
        "arn:aws:iam::1:role/*M*",
        "",
        "role/*",
      ],
      [
        OBJECT,
        "arn:aws:s3:::logs/*",
        "arn:aws:s3:::logs-*",
        "arn:aws:s3:::*/index.html",
        "arn:aws:s3:::*-logs/*",
      ],
      [
        SECRET,
        "arn:aws:secretsmanager:us-east-1:1:secret:prod/*",
        "arn:aws:secretsmanager:us-east-1:1:secret:a*",
      ],
    ] as const)
      for (const pattern of patterns) assert.ok(!coversEvery(pattern, kind), `${pattern} of ${kind}`);
  });

  it("knows a pattern for every resource, and one for a single name, of each kind that gives power", () => {
    for (const kind of new Set(powers.map((power) => power.kind))) {
      const [service = "", ...resource] = kind.split(":");
      const ending = resource.join(":");
      const arn = (end: string): string => `arn:aws:${service}:us-east-1:123456789012:${end}`;
      assert.ok(coversEvery(arn(ending.replaceAll("{}", "*")), kind), kind);
      assert.ok(!coversEvery(arn(ending.replace("{}", "mine").replaceAll("{}", "*")), kind), kind);
    }
  });
});
