import assert from "node:assert/strict";
import { ATTACHMENTS } from "../../../policies/rules/iam/attachments.ts";
import { documentReadable } from "../../../policies/rules/iam/document-readable.ts";
import { noAdministrator } from "../../../policies/rules/iam/no-administrator.ts";
import { noPublicPrincipal } from "../../../policies/rules/iam/no-public-principal.ts";
import { noServiceWildcard } from "../../../policies/rules/iam/no-service-wildcard.ts";
import { trustNamed } from "../../../policies/rules/iam/trust-named.ts";
import { describeRule, unknown, violations } from "../harness.ts";
import { describeStatements } from "../statements.ts";

const DOCUMENT = "macro-ai:components:PolicyDocument";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const read = { sid: "Read", actions: ["s3:GetObject"], resources: [unknown] };
const json = (...statements: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const listActions = "it must be a list of the actions that are needed.";

const administrator = (property: string, is: string): string =>
  `${property} is ${is}; ${listActions} Name each action, for example secretsmanager:GetSecretValue.`;

describeStatements(noAdministrator, {
  compliant: { ...read, effect: "Allow" },
  alsoCompliant: [{ effect: "Deny", actions: ["*"], resources: ["*"] }],
  decides: ["effect"],
  mutations: [
    {
      path: "actions.0",
      value: "*",
      messages: (statement) => [administrator(`${statement}.actions`, '["*"]')],
    },
    {
      path: "actions",
      value: ["s3:GetObject", "*:*", "?*"],
      messages: (statement) => [administrator(`${statement}.actions`, '["*:*","?*"]')],
    },
  ],
});

const whole = (property: string, name: string): string =>
  `${property} is "arn:aws:iam::aws:policy/${name}"; it must be a policy of only what the role does. Attach a policy that lists the actions and resources that are needed.`;
describeRule(noAdministrator, [
  {
    type: ROLE_POLICY,
    compliant: { role: "r", policy: json({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }) },
    wellWithout: ["policy"],
    mutations: [
      {
        path: "policy",
        value: json({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
        messages: [administrator("policy.Statement[0].NotAction", "everything but a list")],
      },
    ],
  },
  ...ATTACHMENTS.map((type) => ({
    type,
    compliant: {
      role: "r",
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    },
    // AWS refuses it.
    wellWithout: ["policyArn"],
    mutations: [
      {
        path: "policyArn",
        value: "arn:aws:iam::aws:policy/AdministratorAccess",
        messages: [whole("policyArn", "AdministratorAccess")],
      },
    ],
  })),
  {
    type: "aws:iam/role:Role",
    compliant: { description: "Task", managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
    mutations: [
      {
        path: "managedPolicyArns.0",
        value: "arn:aws:iam::aws:policy/PowerUserAccess",
        messages: [whole("managedPolicyArns[0]", "PowerUserAccess")],
      },
    ],
  },
]);

describeStatements(noServiceWildcard, {
  compliant: { ...read, effect: "Allow" },
  alsoCompliant: [
    // A key's own policy: it speaks of the key alone.
    { ...read, actions: ["kms:*"], principals: { AWS: "arn:aws:iam::1:root" } },
    { ...read, effect: "Deny", actions: ["s3:*"] },
    { ...read, actions: ["s3:GetObject*"] },
  ],
  decides: ["effect", "principals", "principals.*"],
  mutations: [
    ...["cognito-idp:*", "s3:?*", "s3:*?"].map((value) => ({
      path: "actions.0",
      value,
      messages: (statement: string) => [
        `${statement}.actions is ["${value}"]; ${listActions} Name each action; a wildcard at the end of one (s3:GetObject*) is allowed.`,
      ],
    })),
  ],
});

const publicMessage = (property: string): string =>
  `${property}.principals is "*" without a condition that narrows it; it must be an account, a role or a service. ` +
  "Name the principal, or add a condition on aws:SourceAccount, aws:SourceArn or aws:PrincipalOrgID.";

const narrowed = {
  ...read,
  effect: "Allow",
  principals: { AWS: "*" },
  conditions: { StringEquals: { "aws:SourceAccount": "123456789012" } },
};
describeStatements(noPublicPrincipal, {
  compliant: { ...read, effect: "Allow", principals: { AWS: ["arn:aws:iam::1:root"] } },
  alsoCompliant: [
    read,
    { ...read, principals: { Service: "cloudfront.amazonaws.com" } },
    { ...read, effect: "Deny", principals: { AWS: "*" } },
  ],
  decides: ["effect", "principals.Service"],
  mutations: [
    { path: "principals", value: { AWS: ["*"] }, messages: (statement) => [publicMessage(statement)] },
    { path: "principals.AWS.0", value: "*", messages: (statement) => [publicMessage(statement)] },
    { path: "principals.AWS", value: "*", messages: (statement) => [publicMessage(statement)] },
  ],
});
describeStatements(noPublicPrincipal, {
  compliant: narrowed,
  // Another condition that narrows nothing.
  decides: ["effect", "conditions.StringNotEquals.*"],
  // Nobody is named then.
  wellWithout: ["principals.AWS"],
  mutations: [
    ...[undefined, {}, { StringNotEquals: { "aws:SourceAccount": "1" } }].map((value) => ({
      path: "conditions",
      value,
      messages: (statement: string) => [publicMessage(statement)],
    })),
    ...["*", "12345678901?", undefined].map((value) => ({
      path: "conditions.StringEquals.aws:SourceAccount",
      value,
      messages: (statement: string) => [publicMessage(statement)],
    })),
  ],
});
describe("iam-no-public-principal", () => {
  const told = (Condition: unknown, Principal: unknown = "*"): number =>
    violations(noPublicPrincipal, "aws:sqs/queuePolicy:QueuePolicy", {
      policy: json({ Effect: "Allow", Principal, Action: "sqs:SendMessage", Condition }),
    }).length;

  it("takes a condition that names an account, an organisation, a network or a resource", () => {
    for (const condition of [
      { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:123456789012:*" } },
      { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::my-bucket" } },
      { ArnLike: { "aws:SourceArn": "arn:aws:s3:::my-bucket/*" } },
      {
        ArnLike: {
          "aws:PrincipalArn": ["arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:user/*"],
        },
      },
      { StringEquals: { "AWS:PrincipalOrgID": "o-a1b2c3d4e5" } },
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*" } },
      { StringEquals: { "aws:SourceVpce": "vpce-1a2b" } },
      { StringEquals: { "aws:SourceAccount": 123456789012 } },
      { Bool: { "elasticfilesystem:AccessedViaMountTarget": true } },
    ])
      assert.equal(told(condition), 0, JSON.stringify(condition));
  });

  it("sees through a condition that anybody can meet", () => {
    for (const condition of [
      { StringLike: { "aws:SourceArn": "arn:aws:*" } },
      { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } },
      { ArnLike: { "aws:SourceArn": "arn:aws:s3:::my-*" } },
      { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:*:topic" } },
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/x" } },
      { ArnLike: { "aws:PrincipalArn": ["arn:aws:iam::123456789012:role/x", "*"] } },
      { StringLike: { "aws:PrincipalOrgID": "o-*" } },
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-*" } },
      { StringLike: { "aws:SourceVpce": "vpce-*" } },
      { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } },
      { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
      { StringEquals: { "aws:SourceAccount": [] } },
      { Bool: { "aws:SecureTransport": "true" } },
    ])
      assert.equal(told(condition), 1, JSON.stringify(condition));
  });

  it("sees everybody of an identity provider, too", () => {
    assert.equal(told(undefined, { Federated: "*" }), 1);
    assert.equal(told(undefined, { Federated: "arn:aws:iam::123456789012:oidc-provider/issuer" }), 0);
  });
});
describeRule(noPublicPrincipal, [
  {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    compliant: {
      bucket: "b",
      policy: json({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" }, Action: "s3:GetObject" }),
    },
    wellWithout: ["policy"],
    mutations: [
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

const wholeAccount = (property: string, account: string): string =>
  `${property}.principals is everybody in ${account} whom IAM there lets assume roles; it must be the roles or services ` +
  "that need it. Name their ARNs, or add a condition, for example on aws:PrincipalArn or sts:ExternalId.";

const trust = { effect: "Allow", actions: ["sts:AssumeRole"] };
const root = "arn:aws:iam::123456789012:root";
describeStatements(trustNamed, {
  compliant: { ...trust, principals: { AWS: ["arn:aws:iam::123456789012:role/deployer"] } },
  alsoCompliant: [
    { ...trust, principals: { Service: "lambda.amazonaws.com" } },
    { ...trust, effect: "Deny", principals: { AWS: root } },
    // A resource's policy: it lends no role.
    { ...read, effect: "Allow", principals: { AWS: root } },
  ],
  decides: ["effect", "actions", "actions.*", "principals", "principals.Service"],
  mutations: [root, "123456789012"].map((account) => ({
    path: "principals.AWS.0",
    value: account,
    messages: (statement) => [wholeAccount(statement, account)],
  })),
});
describeStatements(trustNamed, {
  compliant: {
    ...trust,
    principals: { AWS: root },
    conditions: { StringEquals: { "sts:ExternalId": "a1" } },
  },
  decides: ["effect", "actions", "actions.*", "principals", "principals.*", "conditions.StringEquals.*"],
  mutations: [
    { path: "conditions", value: undefined, messages: (statement) => [wholeAccount(statement, root)] },
  ],
});

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

  it("are judged as an object, too", () => {
    const policy = (action: string): object => ({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
    });
    const told = (action: string): number =>
      violations(noAdministrator, "aws:iam/policy:Policy", { policy: policy(action) }).length;
    assert.deepEqual([told("*"), told("s3:ListAllMyBuckets")], [1, 0]);
  });
});

const readable = (property: string): string =>
  `${property} is unknown in this preview; it must be a plain value but for its ARNs. ` +
  "Write the effect and the actions as text; only resources, principals and conditions may be outputs.";

describeRule(documentReadable, [
  {
    type: DOCUMENT,
    compliant: { statements: [read, { ...read, effect: "Allow", actions: ["s3:ListBucket"] }] },
    refusesUnknown: ["statements.*"],
    // What is not there is known.
    wellWithout: ["statements.*.effect"],
    mutations: Object.entries({
      statements: "statements",
      "statements.0": "statements[0]",
      "statements.1.effect": "statements[1]",
      "statements.1.actions": "statements[1]",
      "statements.0.actions.0": "statements[0]",
    }).map(([path, property]) => ({ path, value: unknown, messages: [readable(property)] })),
  },
]);
describe("iam-trust-named", () => {
  const told = (statement: object): number =>
    violations(trustNamed, "aws:iam/role:Role", {
      assumeRolePolicy: json({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: root },
        ...statement,
      }),
    }).length;

  it("sees the action in a wildcard, and a condition that anybody meets", () => {
    for (const Action of ["sts:*", "*", "sts:Assume*", "sts:AssumeRol?"])
      assert.equal(told({ Action }), 1, Action);
    assert.equal(told({ Action: "sts:TagSession" }), 0);
    assert.equal(told({ Condition: { StringLike: { "sts:ExternalId": "*" } } }), 1);
    assert.equal(told({ Condition: { StringLike: { "sts:ExternalId": "shop-*" } } }), 0);
  });
});
