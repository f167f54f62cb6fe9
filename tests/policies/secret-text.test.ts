import assert from "node:assert/strict";
import { isSecretText, scriptHasSecret } from "../../policies/core/secret-text.ts";

const figures = "0123456789abcdefghij0123456789ABCDEF";
/** In parts, so that no scanner of the repository takes them for real ones. */
const form = (prefix: string, rest = figures): string => `${prefix}${rest}`;

/** What is a secret, by its name or by its form. */
const secrets: readonly [name: string, value: string][] = [
  // Names, whatever the value says.
  ...[
    "DB_PASSWORD",
    "DB_PASSWORD_PROD",
    "dbPassword",
    "dbPassword2",
    "db-password",
    "PGPASSWORD",
    "MYSQL_PWD",
    "DB_PASS",
    "DBPASS",
    "PASSPHRASE",
    "AUTH_TOKEN",
    "authToken",
    "AUTHTOKEN",
    "CLIENT_SECRET",
    "SECRET_KEY_BASE",
    "SERVICE_CREDENTIALS",
    "API_KEY",
    "apiKey",
    "APIKEY",
    "COOKIE_ENCRYPTION_KEY",
  ].map((name): [string, string] => [name, "hunter2"]),
  ["PASSWORD", "123456"],
  ["SEC_TOKEN", "/abc+Zdef="],
  ["SEC_TOKEN", "/run/0a1B2c3D4e5F6g7H"],
  ["SECRET", "arn:hunter2"],
  ["API_TOKEN", "7d793037-a076-4a2f-8d5c-1b2f8a7c9e01"],
  // A key, where the value is one.
  ["OPENAIKEY", figures],
  ["AWS_KEY", form("wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "EXAMPLEKEY")],
  ["MAIL_KEY", form("9f86d081884c7d65", "9a2feaa0c55ad015")],
  // Forms, whatever the name.
  ...[
    form("AKIA", "IOSFODNN7EXAMPLE"),
    form("ASIA", "IOSFODNN7EXAMPLE"),
    form("ghp_"),
    form("gho_"),
    form("github_pat_"),
    form("glpat-"),
    form("xoxb-", "123456789012-abcdefghijkl"),
    form("sk-", "proj-0123456789abcdef"),
    form("sk_live_"),
    form("AIza"),
    form("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWJ5dGVz"),
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "postgres://user:hunter2@host/db",
    "rediss://:hunter2@cache:6379",
    "Server=x;User Id=sa;Password=hunter2",
    "https://host/path?password=hunter2",
    form("Bearer "),
    `see ${form("ghp_")} for more`,
  ].map((value): [string, string] => ["SETTING", value]),
  ["TOKEN_URL", "https://user:hunter2@example.com/token"],
  ["SECRET_NAME", form("AKIA", "IOSFODNN7EXAMPLE")],
];

/** What is none. */
const innocent: readonly [name: string, value: string][] = [
  ["API_KEY_HEADER", "x-api-key"],
  ["COGNITO_TOKEN_USE", "access"],
  ["TOKEN_URL", "https://example.com/oauth2/token"],
  ["PASSWORD_POLICY", "strong"],
  ["PASSWORD_MIN_LENGTH", "twelve"],
  ["SECRET_NAME", "prod/db"],
  ["SECRET", "prod/db"],
  ["DB_SECRET_ID", "7d793037-a076-4a2f-8d5c-1b2f8a7c9e01"],
  ["secretArn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:/macro-ai/staging/api-keys"],
  ["API_SECRET", "arn:aws:secretsmanager:us-east-1:123456789012:secret:/macro-ai/staging/api-keys"],
  ["SECRETS_PATH", "/macro-ai/staging"],
  ["DB_PASSWORD", "/run/secrets/db_password"],
  ["DB_PASSWORD_FILE", "/run/secrets/db"],
  ["TOKEN_TTL", "PT1H"],
  ["TOKEN_LIFETIME_SECONDS", "3600"],
  ["MAX_TOKENS", "4096"],
  ["TOKENIZER", "cl100k_base"],
  ["CORS_CREDENTIALS", "true"],
  ["DB_PASSWORD", ""],
  ["DB_PASSWORD", "${DB_PASSWORD}"],
  ["DB_PASSWORD", "{{resolve:secretsmanager:prod/db}}"],
  ["PWD", "/app"],
  ["COMPASS", "north"],
  ["PASSIVE", "ftp"],
  ["MONKEY", figures],
  ["KEYCLOAK_REALM", "internal"],
  ["PARTITION_KEY", "userId"],
  ["S3_KEY", "uploads/2026/01/photo-0123456789.png"],
  ["CACHE_KEY", "user-profile-2026"],
  ["KMS_KEY", "7d793037-a076-4a2f-8d5c-1b2f8a7c9e01"],
  ["KEY", "7d793037-a076-4a2f-8d5c-1b2f8a7c9e01"],
  ["FEATURE_KEY", "new-checkout-for-everybody"],
  ["PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----"],
  ["DATABASE_URL", "postgres://user@host:5432/db"],
  ["EXAMPLE_URL", "postgres://user:<password>@host/db"],
  ["EXAMPLE_URL", "postgres://user:${PASSWORD}@host/db"],
  ["LOCALE", "sk-SK"],
  ["TASK", "disk-usage-of-all-hosts-2026"],
  ["NOTE", "Bearer tokens are read from the header"],
  ["NOTE", "The password of the database, renewed every 30 days"],
  ["IMAGE", "123456789012.dkr.ecr.us-east-1.amazonaws.com/api@sha256:9f86d081884c7d659a2feaa0c55ad015"],
  ["COMMIT", "9f86d081884c7d659a2feaa0c55ad0153b2c1f00"],
];

describe("secrets by name and form", () => {
  it("are told from what is none", () => {
    assert.deepEqual(
      secrets.filter(([name, value]) => !isSecretText(name, value)),
      [],
      "not found",
    );
    assert.deepEqual(
      innocent.filter(([name, value]) => isSecretText(name, value)),
      [],
      "false alarms",
    );
  });

  it("are told in a script's assignments", () => {
    for (const line of [
      "PGPASSWORD=hunter2",
      "  export DB_PASS='hunter2'",
      "USER=app PASSWORD=hunter2 serve",
      "users:\n  - password: hunter2",
      "password = hunter2",
      '- "apiKey": "hunter2",',
      `curl -H "Authorization: ${form("Bearer ")}"`,
    ])
      assert.ok(scriptHasSecret(`#!/bin/sh\n${line}\n`), line);
    for (const line of [
      "PGPASSWORD=$(aws ssm get-parameter --name /db)",
      'DB_PASS="${DB_PASS}"',
      "token_url: https://example.com/token",
      "# the password: it is asked for",
    ])
      assert.ok(!scriptHasSecret(`#!/bin/sh\n${line}\n`), line);
  });
});
