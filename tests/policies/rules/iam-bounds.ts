import assert from "node:assert/strict";
import type { ResourceRule } from "../../../policies/core/rule.ts";
import { ATTACHMENTS } from "../../../policies/rules/iam/attachments.ts";
import { denialWhole } from "../../../policies/rules/iam/denial-whole.ts";
import { federationBounded } from "../../../policies/rules/iam/federation-bounded.ts";
import { interfacesDenied } from "../../../policies/rules/lambda/interfaces-denied.ts";
import { noManagedPolicy } from "../../../policies/rules/iam/no-managed-policy.ts";
import { noUnboundedPower } from "../../../policies/rules/iam/no-unbounded-power.ts";
import { describeRule, unknown, unproven, violations } from "../harness.ts";
import { describeStatements } from "../statements.ts";

const DOCUMENT = "macro-ai:components:PolicyDocument";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

/** The same statement both ways it can be written: registered as data, and as JSON where it may stand. */
function found(
  rule: ResourceRule,
  statement: Record<string, unknown>,
  [type, property]: readonly [string, string] = [POLICY, "policy"],
): string[] {
  const { effect, actions, resources, principals, conditions } = statement;
  const json = JSON.stringify({
    Statement: [
      { Effect: effect, Action: actions, Resource: resources, Principal: principals, Condition: conditions },
    ],
  });
  const registered = violations(rule, DOCUMENT, { statements: [statement] });
  const written = violations(rule, type, { [property]: json }).map((text) =>
    text.replace(`${property}.Statement[0]`, "statements[0]"),
  );
  assert.deepEqual(written, registered, "JSON and registered statements are judged alike");
  return registered;
}

describe("iam-no-unbounded-power", () => {
  const read = {
    effect: "Allow",
    actions: ["secretsmanager:GetSecretValue"],
    resources: ["arn:aws:secretsmanager:us-east-1:1:secret:a"],
  };

  it("passes what is bound to a resource, and what gives no power", () => {
    assert.deepEqual(found(noUnboundedPower, read), []);
    assert.deepEqual(
      found(noUnboundedPower, {
        ...read,
        actions: ["logs:PutLogEvents", "xray:PutTraceSegments"],
        resources: ["*"],
      }),
      [],
    );
    assert.deepEqual(found(noUnboundedPower, { ...read, effect: "Deny", resources: ["*"] }), []);
  });

  it("refuses escalation, data and decryption on everything, however it is written", () => {
    for (const [action, resource] of [
      ["iam:PassRole", "*"],
      ["iam:passrole", "arn:aws:iam::123456789012:role/*"],
      ["kms:Decrypt", "*"],
      ["kms:De*", "arn:aws:kms:us-east-1:123456789012:key/*"],
      ["s3:Get*", "arn:aws:s3:::*"],
      ["sts:AssumeRole", "**"],
      ["secretsmanager:GetSecretValu?", "*"],
      ["s3:Get?bject", "?*"],
      ["s3:GetObject", "arn:aws:s3:::*/*"],
      ["iam:PassRole", "arn:aws:iam::123456789012:role/**"],
      ["sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:123456789012:*?"],
      ["ssm:SendCommand", "*"],
      ["ssm:StartSession", "arn:aws:ec2:us-east-1:123456789012:instance/*"],
      ["kms:CreateGrant", "*"],
      ["kms:PutKeyPolicy", "*"],
      ["s3:PutBucketPolicy", "arn:aws:s3:::*"],
      ["dynamodb:Scan", "arn:aws:dynamodb:*:*:table/*"],
      ["rds:ModifyDBSnapshotAttribute", "*"],
      ["iam:CreateRole", "*"],
      ["secretsmanager:PutResourcePolicy", "*"],
    ] as const) {
      const told = found(noUnboundedPower, { ...read, actions: [action], resources: [resource] });
      assert.equal(told.length, 1, `${action} on ${resource}`);
      assert.match(
        told[0] ?? "",
        /^statements\[0\]\.resources is .*; it must be the ARNs that are needed\. Name the resources/,
      );
    }
  });

  it("asks of each action which resources are its own", () => {
    const statement = {
      ...read,
      actions: ["iam:CreateAccessKey", "iam:GetRole"],
      resources: ["arn:aws:iam::1:user/mailer", "arn:aws:iam::1:role/*"],
    };
    assert.deepEqual(found(noUnboundedPower, statement), []);
  });

  it("sees everything beside an ARN that is not known yet", () => {
    const statements = [{ ...read, resources: [unknown, "*"] }];
    assert.equal(violations(noUnboundedPower, DOCUMENT, { statements }).length, 1);
    assert.deepEqual(
      unproven(noUnboundedPower, DOCUMENT, { statements: [{ ...read, resources: [unknown] }] }),
      ["statements[0].resources[0]"],
    );
  });

  it("refuses everything but a list of resources", () => {
    const policy = JSON.stringify({
      Statement: { Effect: "Allow", Action: "kms:Decrypt", NotResource: "arn:a" },
    });
    assert.match(
      violations(noUnboundedPower, POLICY, { policy })[0] ?? "",
      /everything but a list for kms:Decrypt/,
    );
  });
});

describe("iam-federation-bounded", () => {
  const trust = {
    effect: "Allow",
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
  };
  const on = (subject: string): Record<string, unknown> => ({
    ...trust,
    conditions: { StringLike: { "token.actions.githubusercontent.com:sub": subject } },
  });

  const TRUST = ["aws:iam/role:Role", "assumeRolePolicy"] as const;

  it("asks for a subject that says something", () => {
    assert.deepEqual(found(federationBounded, on("repo:macro/ai:ref:refs/heads/main"), TRUST), []);
    const audience = { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } };
    for (const wrong of [trust, { ...trust, conditions: audience }])
      assert.match(
        found(federationBounded, wrong, TRUST)[0] ?? "",
        /^statements\[0\]\.conditions is without a subject/,
      );
  });

  it("asks that the subject names its owner in full", () => {
    for (const subject of ["repo:macro/*", "repo:macro/ai:*", "repository_owner_id:65:*", "repository_id:5"])
      assert.deepEqual(found(federationBounded, on(subject), TRUST), [], subject);
    for (const subject of ["*", "repo:*", "repo:macro*", "repo:*/ai:*", "?*", "environment:production"])
      assert.match(
        found(federationBounded, on(subject), TRUST)[0] ?? "",
        /^statements\[0\]\.conditions is for \[".*"\], which names nobody in full/,
        subject,
      );
    const either = {
      StringLike: { "token.actions.githubusercontent.com:sub": ["repo:macro/ai:*", "repo:*"] },
    };
    assert.equal(found(federationBounded, { ...trust, conditions: either }, TRUST).length, 1);
    const both = {
      ...either,
      StringEquals: { "token.actions.githubusercontent.com:sub": "repo:macro/ai:x" },
    };
    assert.deepEqual(found(federationBounded, { ...trust, conditions: both }, TRUST), []);
  });

  it("knows other providers' subjects, and asks of strangers' for more than a kind", () => {
    const of = (key: string, subject: string): number =>
      found(federationBounded, { ...trust, conditions: { StringLike: { [key]: subject } } }, TRUST).length;
    for (const [key, good, bad] of [
      ["gitlab.com:sub", "project_path:macro/ai:*", "project_path:*:ref:main"],
      ["app.terraform.io:sub", "organization:macro:*", "organization:mac*"],
      ["eks.test/id/1:sub", "system:serviceaccount:app:*", "system:serviceaccount:*:app"],
      ["accounts.google.com:sub", "103945890", "*"],
      ["login.test:sub", "auth0|52af*", "auth0|*"],
      ["cognito-identity.amazonaws.com:aud", "us-east-1:52af", "*"],
    ] as const) {
      assert.equal(of(key, good), 0, good);
      assert.equal(of(key, bad), 1, bad);
    }
  });

  it("sees the action in a wildcard, and leaves alone who comes without a subject", () => {
    for (const action of ["sts:*", "*", "sts:AssumeRole*", "STS:assumerolewithwebidentit?"])
      assert.equal(found(federationBounded, { ...on("repo:*"), actions: [action] }, TRUST).length, 1, action);
    const saml = { Federated: "arn:aws:iam::123456789012:saml-provider/idp" };
    for (const principals of [saml, { Service: "ecs.amazonaws.com" }])
      assert.deepEqual(found(federationBounded, { ...trust, actions: ["sts:*"], principals }, TRUST), []);
  });
});

describe("iam-denial-whole", () => {
  const deny = {
    effect: "Deny",
    actions: ["s3:*"],
    principals: { AWS: "*" },
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  };

  it("asks that a conditional denial of everyone covers the service", () => {
    assert.deepEqual(found(denialWhole, deny), []);
    assert.deepEqual(found(denialWhole, { ...deny, actions: ["s3:GetObject"] }), [
      'statements[0].actions is ["s3:GetObject"]; it must be every action of the service. Set the actions to s3:*.',
    ]);
  });

  it("leaves denials of some, plain ones, and topics alone", () => {
    const some = { ...deny, actions: ["s3:GetObject"], principals: { AWS: "arn:aws:iam::1:root" } };
    assert.deepEqual(found(denialWhole, some), []);
    assert.deepEqual(
      found(denialWhole, { ...deny, actions: ["s3:DeleteObject"], conditions: undefined }),
      [],
    );
    assert.deepEqual(found(denialWhole, { ...deny, actions: ["sns:Publish"] }), []);
  });
});

describeStatements(noUnboundedPower, {
  compliant: {
    effect: "Allow",
    actions: ["secretsmanager:GetSecretValue"],
    resources: ["arn:aws:secretsmanager:us-east-1:1:secret:a"],
  },
  decides: ["effect", "principals", "principals.*"],
  mutations: [
    ["resources.0", "*", '["*"] for secretsmanager:GetSecretValue'],
    ["resources", "*", '["*"] for secretsmanager:GetSecretValue'],
    [
      "resources",
      ["arn:aws:secretsmanager:us-east-1:1:secret/*"],
      '["arn:aws:secretsmanager:us-east-1:1:secret/*"] for secretsmanager:GetSecretValue',
    ],
  ].map(([path = "", value, is]) => ({
    path: String(path),
    value,
    messages: (statement) => [
      `${statement}.resources is ${String(is)}; it must be the ARNs that are needed. Name the resources, for example the ARN of the secret that is read.`,
    ],
  })),
});
describeStatements(noUnboundedPower, {
  compliant: { effect: "Allow", actions: ["logs:PutLogEvents"], resources: ["*"] },
  decides: ["effect", "principals"],
  mutations: ["kms:Decrypt", "kms:*", "iam:PassRole"].map((value) => ({
    path: "actions.0",
    value,
    messages: (statement) => [
      `${statement}.resources is ["*"] for ${value}; it must be the ARNs that are needed. Name the resources, for example the ARN of the secret that is read.`,
    ],
  })),
});

const withoutSubject = (statement: string): string[] => [
  `${statement}.conditions is without a subject; it must be one that names the subject. Add StringEquals with "<provider>:sub", for example repo:owner/name:ref:refs/heads/main.`,
];
const SUBJECT = "issuer:sub";
describeStatements(federationBounded, {
  compliant: {
    effect: "Allow",
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals: { Federated: "arn:aws:iam::1:oidc-provider/issuer" },
    conditions: { StringLike: { [SUBJECT]: "repo:macro/ai:*" } },
  },
  // Another way to assume the role is bounded by its principal.
  decides: ["effect", "actions.*", "principals", "principals.*", "conditions.StringEquals.*"],
  mutations: [
    ...["*", "repo:*", "repo:macro*", "?*"].map((value) => ({
      path: `conditions.StringLike.${SUBJECT}`,
      value,
      messages: (statement: string) => [
        `${statement}.conditions is for ["${value}"], which names nobody in full; it must be one that names the subject. Add StringEquals with "<provider>:sub", for example repo:owner/name:ref:refs/heads/main.`,
      ],
    })),
    { path: `conditions.StringLike.${SUBJECT}`, value: undefined, messages: withoutSubject },
    { path: "conditions.StringLike", value: undefined, messages: withoutSubject },
    { path: "conditions", value: { StringEquals: { "issuer:aud": "sts" } }, messages: withoutSubject },
    { path: "conditions", value: undefined, messages: withoutSubject },
  ],
});

const notWhole = (statement: string, actions: string, service: string): string[] => [
  `${statement}.actions is ${actions}; it must be every action of the service. Set the actions to ${service}:*.`,
];
describeStatements(denialWhole, {
  compliant: {
    effect: "Deny",
    actions: ["s3:*"],
    principals: { AWS: "*" },
    conditions: { Bool: { "aws:SecureTransport": "false" } },
  },
  // A denial of some, or one without conditions, says what it denies.
  decides: ["effect", "principals.*", "conditions.*"],
  mutations: [
    {
      path: "actions.0",
      value: "s3:GetObject",
      messages: (statement) => notWhole(statement, '["s3:GetObject"]', "s3"),
    },
    {
      path: "actions",
      value: ["sqs:SendMessage", "sqs:ReceiveMessage"],
      messages: (statement) => notWhole(statement, '["sqs:SendMessage","sqs:ReceiveMessage"]', "sqs"),
    },
  ],
});

const toMove = (statement: string): string[] => [
  `${statement}.actions is ec2:CreateNetworkInterface, for the function's own code as well; it must be Lambda's alone. ` +
    "Add a statement with Effect Deny, the same actions and ArnLike lambda:SourceFunctionArn of the account's functions.",
];
describeStatements(interfacesDenied, {
  compliant: { effect: "Allow", actions: ["ec2:DescribeNetworkInterfaces"], resources: ["*"] },
  decides: ["effect", "principals"],
  mutations: [
    { path: "actions.0", value: "ec2:CreateNetworkInterface", messages: toMove },
    {
      path: "actions",
      value: ["ec2:CreateNetworkInterface", "ec2:DescribeSubnets"],
      messages: toMove,
    },
  ],
});
describeRule(interfacesDenied, [
  {
    type: DOCUMENT,
    compliant: {
      statements: [
        { effect: "Allow", actions: ["ec2:CreateNetworkInterface"], resources: ["*"] },
        {
          effect: "Deny",
          actions: ["ec2:CreateNetworkInterface"],
          resources: ["*"],
          conditions: { ArnLike: { "lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:*" } },
        },
      ],
    },
    // Whatever the function; and a denial alone allows nothing.
    decides: ["statements.*.conditions.ArnLike.*", "statements.*.effect", "statements.*.actions.*"],
    mutations: [
      {
        path: "statements.1.effect",
        value: "Allow",
        messages: [...toMove("statements[0]"), ...toMove("statements[1]")],
      },
      {
        path: "statements.1.effect",
        value: undefined,
        messages: [...toMove("statements[0]"), ...toMove("statements[1]")],
      },
      { path: "statements.1.actions", value: ["s3:GetObject"], messages: toMove("statements[0]") },
      { path: "statements.1.conditions", value: undefined, messages: toMove("statements[0]") },
      {
        path: "statements.1.conditions.ArnLike.lambda:SourceFunctionArn",
        value: undefined,
        messages: toMove("statements[0]"),
      },
    ],
  },
]);

const managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
const message = (property: string): string =>
  `${property} is "${managed}"; it must be a policy of the stack's own, or one named in the setting allowed. ` +
  "Attach a policy that lists the actions and resources that are needed: AWS widens its own at any time.";

describeRule(noManagedPolicy, [
  ...ATTACHMENTS.map((type) => ({
    type,
    compliant: { role: "r", policyArn: "arn:aws:iam::123456789012:policy/own" },
    // AWS refuses it.
    wellWithout: ["policyArn"],
    mutations: [{ path: "policyArn", value: managed, messages: [message("policyArn")] }],
  })),
  {
    type: "aws:iam/role:Role",
    compliant: { managedPolicyArns: ["arn:aws:iam::123456789012:policy/own"] },
    mutations: [{ path: "managedPolicyArns", value: [managed], messages: [message("managedPolicyArns[0]")] }],
  },
]);
