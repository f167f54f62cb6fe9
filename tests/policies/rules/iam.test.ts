import assert from "node:assert/strict";
import { documentReadable } from "../../../policies/rules/iam/document-readable.ts";
import { noAdministrator } from "../../../policies/rules/iam/no-administrator.ts";
import { noPublicPrincipal } from "../../../policies/rules/iam/no-public-principal.ts";
import { noServiceWildcard } from "../../../policies/rules/iam/no-service-wildcard.ts";
import { describeRule, unknown, violations } from "../harness.ts";

const DOCUMENT = "macro-ai:components:PolicyDocument";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const read = { sid: "Read", actions: ["s3:GetObject"], resources: [unknown] };
const json = (...statements: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const listActions = "it must be a list of the actions that are needed.";

describeRule(noAdministrator, [
  {
    type: DOCUMENT,
    compliant: { statements: [read, { sid: "Deny", effect: "Deny", actions: ["*"], resources: ["*"] }] },
    mutations: [
      {
        path: "statements.0.actions.0",
        value: "*",
        messages: [
          `statements[0].actions is ["*"]; ${listActions} Name each action, for example secretsmanager:GetSecretValue.`,
        ],
      },
      {
        path: "statements.0.actions",
        value: ["s3:GetObject", "*:*"],
        messages: [
          `statements[0].actions is ["*:*"]; ${listActions} Name each action, for example secretsmanager:GetSecretValue.`,
        ],
      },
    ],
  },
  {
    type: ROLE_POLICY,
    compliant: { role: "r", policy: json({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }) },
    mutations: [
      {
        path: "policy",
        value: json({ Effect: "Allow", Action: "*", Resource: "*" }),
        messages: [
          `policy.Statement[0].actions is ["*"]; ${listActions} Name each action, for example secretsmanager:GetSecretValue.`,
        ],
      },
      {
        path: "policy",
        value: json({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
        messages: [
          `policy.Statement[0].NotAction is everything but a list; ${listActions} Name each action, for example secretsmanager:GetSecretValue.`,
        ],
      },
    ],
  },
  {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    compliant: {
      role: "r",
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    },
    mutations: [
      {
        path: "policyArn",
        value: "arn:aws:iam::aws:policy/AdministratorAccess",
        messages: [
          'policyArn is "arn:aws:iam::aws:policy/AdministratorAccess"; it must be a policy of only what the role does. Attach a policy that lists the actions and resources that are needed.',
        ],
      },
    ],
  },
  {
    type: "aws:iam/role:Role",
    compliant: { description: "Task", managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
    mutations: [
      {
        path: "managedPolicyArns.0",
        value: "arn:aws:iam::aws:policy/PowerUserAccess",
        messages: [
          'managedPolicyArns[0] is "arn:aws:iam::aws:policy/PowerUserAccess"; it must be a policy of only what the role does. Attach a policy that lists the actions and resources that are needed.',
        ],
      },
    ],
  },
]);

describeRule(noServiceWildcard, [
  {
    type: DOCUMENT,
    compliant: { statements: [read] },
    alsoCompliant: [
      // A key's own policy: it speaks of the key alone.
      { statements: [{ ...read, actions: ["kms:*"], principals: { AWS: unknown } }] },
      { statements: [{ ...read, effect: "Deny", actions: ["s3:*"] }] },
      { statements: [{ ...read, actions: ["s3:GetObject*"] }] },
    ],
    mutations: [
      {
        path: "statements.0.actions.0",
        value: "cognito-idp:*",
        messages: [
          `statements[0].actions is ["cognito-idp:*"]; ${listActions} Name each action; a wildcard at the end of one (s3:GetObject*) is allowed.`,
        ],
      },
    ],
  },
]);

const publicMessage = (property: string): string =>
  `${property}.principals is "*" without a condition that narrows it; it must be an account, a role or a service. ` +
  "Name the principal, or add a condition on aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID.";

describeRule(noPublicPrincipal, [
  {
    type: DOCUMENT,
    compliant: { statements: [{ ...read, principals: { Service: "cloudfront.amazonaws.com" } }] },
    alsoCompliant: [
      { statements: [read] },
      { statements: [{ ...read, effect: "Deny", principals: { AWS: "*" } }] },
      {
        statements: [
          {
            ...read,
            principals: { AWS: "*" },
            conditions: { StringEquals: { "aws:SourceAccount": unknown } },
          },
        ],
      },
    ],
    mutations: [
      {
        path: "statements.0.principals",
        value: { AWS: ["*"] },
        messages: [publicMessage("statements[0]")],
      },
    ],
  },
  {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    compliant: {
      bucket: "b",
      policy: json({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" }, Action: "s3:GetObject" }),
    },
    mutations: [
      {
        path: "policy",
        value: json({ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }),
        messages: [publicMessage("policy.Statement[0]")],
      },
      {
        path: "policy",
        value: json({
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Condition: { StringNotEquals: { "aws:SourceAccount": "1" } },
        }),
        messages: [publicMessage("policy.Statement[0]")],
      },
      {
        path: "policy",
        value: json({
          Effect: "Allow",
          NotPrincipal: { AWS: "arn:aws:iam::1:root" },
          Action: "s3:GetObject",
        }),
        messages: [publicMessage("policy.Statement[0]")],
      },
    ],
  },
]);

describe("statements", () => {
  it("show a wildcard behind an unknown statement, action or resource", () => {
    const bad = { ...read, actions: ["*"] };
    assert.equal(violations(noAdministrator, DOCUMENT, { statements: [unknown, bad] }).length, 1);
    assert.equal(
      violations(noAdministrator, DOCUMENT, { statements: [{ ...bad, resources: unknown }] }).length,
      1,
    );
    assert.equal(
      violations(noAdministrator, DOCUMENT, { statements: [{ ...bad, actions: [unknown, "*"] }] }).length,
      1,
    );
  });

  it("that are no JSON are a failure of the rule on that resource, not of the run", () => {
    const [message] = violations(noAdministrator, ROLE_POLICY, { policy: "{" });
    assert.match(
      message ?? "",
      /^rule iam-no-administrator is broken \(.*JSON.*\); it must be able to judge this resource\./,
    );
  });
});

describe("iam-document-readable", () => {
  const fix =
    "Write the effect and the actions as text; only resources, principals and conditions may be outputs.";
  for (const [shown, statement] of [
    ["action", { ...read, actions: ["s3:GetObject", unknown] }],
    ["list of actions", { ...read, actions: unknown }],
    ["effect", { ...read, effect: unknown }],
    ["statement", unknown],
  ] as const) {
    it(`refuses an unknown ${shown}, which no rule could judge`, () => {
      assert.deepEqual(violations(documentReadable, DOCUMENT, { statements: [read, statement] }), [
        `statements[1] is unknown in this preview; it must be a plain value but for its ARNs. ${fix}`,
      ]);
    });
  }
  it("refuses a wholly unknown document", () => {
    assert.deepEqual(violations(documentReadable, DOCUMENT, { statements: unknown }), [
      `statements is unknown in this preview; it must be a plain value but for its ARNs. ${fix}`,
    ]);
  });
});
