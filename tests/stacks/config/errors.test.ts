import assert from "node:assert/strict";
import { changed, enterprise, type Given, hobby, told } from "./given.ts";

describe("what a user is told about a wrong configuration", () => {
  for (const { name, given, problem } of cases()) {
    it(name, () => {
      const lead = 'The configuration of stack "s" has a problem; nothing was changed.';
      assert.equal(told(given), `${lead}\n\n  ${problem.join("\n  ")}`);
    });
  }

  it("numbers several problems in the schema's order, and tells all of them", () => {
    const given = changed(hobby, {
      scale: "big",
      network: { zones: 9 },
      colour: "red",
      openaiApiKey: undefined,
    });
    const starts = [...told(given).matchAll(/^ {2}(\d+)\. (\S+)/gm)].map(
      ([, number, key]) => `${number ?? ""} ${key ?? ""}`,
    );
    assert.deepEqual(starts, [
      "1 macro-ai:scale",
      "2 macro-ai:network.zones",
      "3 macro-ai:colour",
      "4 macro-ai:network",
      "5 macro-ai:openaiApiKey",
    ]);
  });

  it("blames a key once, for what is wrong with it rather than for what follows", () => {
    const text = told(changed(enterprise, { alertEmail: "nobody" }));
    assert.equal(text.match(/alertEmail (?:is|needs)/g)?.length, 1);
  });
});

interface Case {
  readonly name: string;
  readonly given: Given;
  readonly problem: readonly string[];
}

function cases(): Case[] {
  const image =
    "Allowed: an image tag of at most 128 letters, digits, _ . and -, or a digest, sha256: and 64 hex digits.";
  const cidr =
    "Allowed: a private IPv4 block from /16 to /20 (room for four zones), for example 10.0.0.0/16.";
  const setCidr = "Fix: pulumi config set --path macro-ai:network.cidrBlock 10.0.0.0/16 --stack s";
  return [
    {
      name: "a word that resembles an allowed one",
      given: changed(hobby, { environment: "stagin" }),
      problem: [
        'macro-ai:environment is "stagin".',
        "Allowed: one of development, staging, uat, production, dr.",
        "Fix: pulumi config set macro-ai:environment staging --stack s",
      ],
    },
    {
      name: "no environment",
      given: changed(hobby, { environment: undefined }),
      problem: [
        "macro-ai:environment is missing.",
        "Allowed: one of development, staging, uat, production, dr.",
        "Fix: pulumi config set macro-ai:environment staging --stack s",
      ],
    },
    {
      name: "a region of no cloud",
      given: changed(hobby, { "aws:region": "eu-wst-2" }),
      problem: [
        'aws:region is "eu-wst-2": AWS has no region of that name.',
        "Allowed: the name of a region of AWS, for example us-east-1 or eu-west-2.",
        "Fix: pulumi config set aws:region eu-west-2 --stack s",
      ],
    },
    {
      name: "an availability zone for a region",
      given: changed(hobby, { "aws:region": "ap-southeast-2b" }),
      problem: [
        'aws:region is "ap-southeast-2b".',
        "Allowed: the name of a region of AWS, for example us-east-1 or eu-west-2.",
        "Fix: pulumi config set aws:region ap-southeast-2 --stack s",
      ],
    },
    {
      name: "a region of another partition",
      given: changed(hobby, { "aws:region": "us-gov-west-1" }),
      problem: [
        'aws:region is "us-gov-west-1": it lies in a partition of its own, without what this project is made of.',
        "Allowed: the name of a region of AWS, for example us-east-1 or eu-west-2.",
        "Fix: pulumi config set aws:region us-west-1 --stack s",
      ],
    },
    {
      name: "the region in the wrong namespace",
      given: changed(hobby, { region: "eu-west-2" }),
      problem: [
        "macro-ai:region is not a key of this project; the nearest is aws:region.",
        "Fix: pulumi config rm macro-ai:region --stack s",
      ],
    },
    {
      name: "an unknown key",
      given: changed(hobby, { monthlyBudgt: "5" }),
      problem: [
        "macro-ai:monthlyBudgt is not a key of this project; the nearest is macro-ai:monthlyBudget.",
        "Fix: pulumi config rm macro-ai:monthlyBudgt --stack s",
      ],
    },
    {
      name: "an unknown key that resembles none",
      given: changed(hobby, { "what is it": "5" }),
      problem: [
        "macro-ai:what is it is not a key of this project.",
        "Fix: pulumi config rm 'macro-ai:what is it' --stack s",
      ],
    },
    {
      name: "an unknown key of a group",
      given: changed(enterprise, { database: { instanceType: "db.r6g.large" } }),
      problem: [
        "macro-ai:database.instanceType is not a key of this project; the nearest is macro-ai:database.instanceClass.",
        "Fix: pulumi config rm --path macro-ai:database.instanceType --stack s",
      ],
    },
    {
      name: "an unknown key of a group with characters that a path must quote",
      given: changed(enterprise, { website: { "a.b": 1 } }),
      problem: [
        'macro-ai:website["a.b"] is not a key of this project.',
        "Fix: pulumi config rm --path 'macro-ai:website[\"a.b\"]' --stack s",
      ],
    },
    {
      name: "a group's key without --path",
      given: changed(enterprise, { "database.instanceClass": "db.r6g.large" }),
      problem: [
        "macro-ai:database.instanceClass was set without --path, and so not within the group macro-ai:database: nothing reads it.",
        "Fix: pulumi config rm macro-ai:database.instanceClass --stack s",
        "Then: pulumi config set --path macro-ai:database.instanceClass db.r6g.large --stack s",
      ],
    },
    {
      name: "a group's key without --path, of a value that it cannot have",
      given: changed(enterprise, { "network.zones": "sk-nobody-may-see-this" }),
      problem: [
        "macro-ai:network.zones was set without --path, and so not within the group macro-ai:network: nothing reads it.",
        "Fix: pulumi config rm macro-ai:network.zones --stack s",
        "Then: pulumi config set --path macro-ai:network.zones --stack s",
      ],
    },
    {
      name: "a group's key at the top",
      given: changed(enterprise, { instanceClass: "db.r6g.large" }),
      problem: [
        "macro-ai:instanceClass is not a key of this project; the nearest is macro-ai:database.instanceClass.",
        "Fix: pulumi config rm macro-ai:instanceClass --stack s",
      ],
    },
    {
      name: "a value in place of a group",
      given: changed(enterprise, { website: "PriceClass_All" }),
      problem: [
        'macro-ai:website is "PriceClass_All", not a group.',
        "Allowed: a group of keys: priceClass, each set by itself, for example macro-ai:website.priceClass.",
        "Fix: pulumi config rm macro-ai:website --stack s",
      ],
    },
    {
      name: "a number out of bounds",
      given: changed(enterprise, { network: { zones: 5 } }),
      problem: [
        "macro-ai:network.zones is 5.",
        "Allowed: a whole number of availability zones from 2 to 4.",
        "Fix: pulumi config set --path macro-ai:network.zones 4 --stack s",
      ],
    },
    {
      name: "a budget with its currency",
      given: changed(hobby, { monthlyBudget: "£5" }),
      problem: [
        'macro-ai:monthlyBudget is "£5".',
        "Allowed: an amount in GBP above 0, at most 100000, without the currency.",
        "Fix: pulumi config set macro-ai:monthlyBudget 300 --stack s",
      ],
    },
    {
      name: "a switch with another word",
      given: changed(hobby, { deletionProtection: "yes" }),
      problem: [
        'macro-ai:deletionProtection is "yes".',
        "Allowed: true or false.",
        "Fix: pulumi config set macro-ai:deletionProtection true --stack s",
      ],
    },
    {
      name: "an instance class without its service",
      given: changed(enterprise, { database: { instanceClass: "r6g.large" } }),
      problem: [
        'macro-ai:database.instanceClass is "r6g.large".',
        "Allowed: an RDS instance class, for example db.t4g.medium or db.r6g.large.",
        "Fix: pulumi config set --path macro-ai:database.instanceClass db.r6g.large --stack s",
      ],
    },
    {
      name: "a version that YAML took for a number",
      given: changed(enterprise, { database: { engineVersion: 15.12 } }),
      problem: [
        "macro-ai:database.engineVersion is 15.12: as a number it may have lost a zero; the command stores it as text.",
        'Allowed: PostgreSQL 15 to 17, as text: "15" or with its minor version, "15.12".',
        "Fix: pulumi config set --path macro-ai:database.engineVersion 15.12 --stack s",
      ],
    },
    {
      name: "another major version",
      given: changed(enterprise, { database: { engineVersion: "14.1" } }),
      problem: [
        'macro-ai:database.engineVersion is "14.1".',
        'Allowed: PostgreSQL 15 to 17, as text: "15" or with its minor version, "15.12".',
        "Fix: pulumi config set --path macro-ai:database.engineVersion 15 --stack s",
      ],
    },
    {
      name: "an image tag that moves",
      given: changed(hobby, { apiImage: "latest" }),
      problem: [
        'macro-ai:apiImage is "latest": tags are immutable here, so "latest" could never move.',
        image,
        "Fix: pulumi config set macro-ai:apiImage 1.0.0 --stack s",
      ],
    },
    {
      name: "an image with its repository",
      given: changed(hobby, { apiImage: "macro-ai/express-api:1.0.0" }),
      problem: [
        'macro-ai:apiImage is "macro-ai/express-api:1.0.0".',
        image,
        "Fix: pulumi config set macro-ai:apiImage 1.0.0 --stack s",
      ],
    },
    {
      name: "a network too small for four zones",
      given: changed(enterprise, { network: { cidrBlock: "10.0.0.0/22" } }),
      problem: [
        'macro-ai:network.cidrBlock is "10.0.0.0/22": a /22 is too small for four zones.',
        cidr,
        setCidr,
      ],
    },
    {
      name: "a network larger than AWS makes",
      given: changed(enterprise, { network: { cidrBlock: "10.0.0.0/8" } }),
      problem: [
        'macro-ai:network.cidrBlock is "10.0.0.0/8": AWS makes no VPC larger than a /16.',
        cidr,
        setCidr,
      ],
    },
    {
      name: "a network of public addresses",
      given: changed(enterprise, { network: { cidrBlock: "172.32.0.0/16" } }),
      problem: [
        'macro-ai:network.cidrBlock is "172.32.0.0/16": its addresses belong to the internet.',
        cidr,
        setCidr,
      ],
    },
    {
      name: "a network's address inside its block",
      given: changed(enterprise, { network: { cidrBlock: "10.0.8.0/16" } }),
      problem: [
        'macro-ai:network.cidrBlock is "10.0.8.0/16": its address has bits set beyond the prefix.',
        cidr,
        setCidr,
      ],
    },
    {
      name: "text that is no block of addresses",
      given: changed(enterprise, { network: { cidrBlock: "10.0.0.256/16" } }),
      problem: ['macro-ai:network.cidrBlock is "10.0.0.256/16".', cidr, setCidr],
    },
    {
      name: "a domain with a scheme",
      given: changed(enterprise, { domain: "https://Macro-AI.com/" }),
      problem: [
        'macro-ai:domain is "https://Macro-AI.com/".',
        "Allowed: a lower-case DNS name without scheme or path, for example macro-ai.com.",
        "Fix: pulumi config set macro-ai:domain macro-ai.com --stack s",
      ],
    },
    {
      name: "a long value is cut",
      given: changed(hobby, { owner: "*".repeat(200) }),
      problem: [
        `macro-ai:owner is "${"*".repeat(79)}... (202 characters).`,
        "Allowed: 1 to 256 letters, digits, spaces and _ . : / = + - @.",
        "Fix: pulumi config set macro-ai:owner platform --stack s",
      ],
    },
    {
      name: "a secret in plain text",
      given: { ...hobby, secretKeys: hobby.secretKeys.filter((key) => key !== "macro-ai:openaiApiKey") },
      problem: [
        "macro-ai:openaiApiKey is stored in plain text. Who can read the stack's file has it: issue a new one, and store it encrypted.",
        "Fix: pulumi config set --secret macro-ai:openaiApiKey --stack s",
      ],
    },
    {
      name: "a secret of another form",
      given: changed(hobby, { neonDatabaseUrl: "postgresql://user:p@ss/word@host/database" }),
      problem: [
        "macro-ai:neonDatabaseUrl does not look like postgresql://user:password@host/database with the password percent-encoded. Its value is not shown.",
        "Fix: pulumi config set --secret macro-ai:neonDatabaseUrl --stack s",
      ],
    },
    {
      name: "a missing secret of one scale",
      given: changed(hobby, { upstashRedisUrl: undefined }),
      problem: [
        "macro-ai:upstashRedisUrl is missing: hobby stacks need it.",
        "Allowed: rediss://default:password@host:6379 with the password percent-encoded, stored as a secret.",
        "Fix: pulumi config set --secret macro-ai:upstashRedisUrl --stack s",
      ],
    },
    {
      name: "a missing secret of both scales",
      given: changed(enterprise, { cognitoUserPoolId: undefined }),
      problem: [
        "macro-ai:cognitoUserPoolId is missing: every stack needs it.",
        "Allowed: <region>_<letters and digits>, for example us-east-1_AbCdEfGhI, stored as a secret.",
        "Fix: pulumi config set --secret macro-ai:cognitoUserPoolId --stack s",
      ],
    },
    {
      name: "an encrypted value that is no secret",
      given: { ...hobby, secretKeys: [...hobby.secretKeys, "macro-ai:environment"] },
      problem: [
        "macro-ai:environment is stored as a secret, but it is shown in names, tags or previews.",
        "Allowed: one of development, staging, uat, production, dr.",
        "Fix: pulumi config set macro-ai:environment --stack s",
      ],
    },
    {
      name: "a secret within a group",
      given: {
        raw: changed(hobby, { website: { priceClass: "PriceClass_All" } }).raw,
        secretKeys: [...hobby.secretKeys, "macro-ai:website"],
      },
      problem: [
        "macro-ai:website holds a secret, but all that belongs here is shown in previews.",
        "Fix: pulumi config rm macro-ai:website --stack s",
      ],
    },
    {
      name: "a secret in the wrong key",
      given: changed(hobby, {
        hostedZoneId: "postgresql://user:hunter2@host/database",
        domain: "macro-ai.com",
      }),
      problem: [
        "macro-ai:hostedZoneId is a value that looks like a secret (not shown).",
        "Allowed: a Route 53 zone's id: Z and 7 to 31 capital letters and digits.",
        "Fix: pulumi config set macro-ai:hostedZoneId Z0123456789EXAMPLE --stack s",
      ],
    },
  ];
}
