import * as pulumi from "@pulumi/pulumi";
import { aliasRecords } from "../components/domain.ts";
import { logGroup } from "../components/log-group.ts";
import type { Statement } from "../components/policy-document.ts";
import type { SecretSet } from "../components/secret-set.ts";
import type { StackConfig } from "./config.ts";
import type { Api, Foundation } from "./foundation.ts";
import { wellKnownName } from "./names.ts";
import { takesOver } from "./replicas.ts";
import { ADMIN_SECRET, externalSecret } from "./secrets.ts";

/** Requests that one address may make in five minutes before the firewall stops it: 6 a second, kept up. */
export const requestsPerAddress = 2000;

export const apiHostName = (domain: string): string => `api.${domain}`;

/** The image to run: a tag, or a digest (`sha256:...`). `undefined` until one is configured: the placeholder runs. */
export function apiImage({ config, apiRepository }: Foundation): pulumi.Output<string> | undefined {
  if (config.apiImage === undefined) return undefined;
  const separator = config.apiImage.startsWith("sha256:") ? "@" : ":";
  return pulumi.interpolate`${apiRepository.url}${separator}${config.apiImage}`;
}

/** What the API is, wherever it runs. */
export function apiArguments(foundation: Foundation, secrets: SecretSet) {
  const { config, region, kmsKeyArn } = foundation;
  const logs = logGroup(
    "api-logs",
    {
      name: wellKnownName(config.environment, "/ecs/macro-ai-api"),
      retentionDays: config.traits.logRetentionDays,
      kmsKeyArn,
    },
    { retainOnDelete: config.deletionProtection },
  );
  return {
    label: "API",
    port: 3040,
    // Whether it is ready, not whether it lives: docs/decisions/0015-health-path.md.
    healthPath: "/api/health",
    environment: environment(foundation, secrets),
    secretArns: readByApi(secrets.arns),
    secretsKeyArn: kmsKeyArn,
    region,
    logGroup: { name: logs.name, arn: logs.arn },
    tracing: config.features.tracing ? ("xray" as const) : ("none" as const),
    taskStatements: statements(foundation),
  };
}

/**
 * The API's name leads to wherever it runs. Made at one place for both scales, so that a change of scale changes the
 * records' target; two resources for one name would collide in Route 53.
 */
export function publishApi(config: StackConfig, { target }: Api): void {
  const { domain } = config;
  if (!domain || !target) return;
  const { hostedZoneId, name } = domain;
  const recordName = apiHostName(name);
  aliasRecords("api", { hostedZoneId, recordName, target, takeOver: takesOver(config) }, {});
}

/** What the API finds in its environment: nothing secret, only where the secrets are. */
function environment(foundation: Foundation, secrets: SecretSet): Record<string, pulumi.Input<string>> {
  const { config } = foundation;
  return {
    // Chooses the libraries' behaviour, the same everywhere; APP_ENV chooses the secrets.
    NODE_ENV: "production",
    APP_ENV: config.environment,
    // What /api/health says is running.
    APP_VERSION: config.apiImage ?? "placeholder",
    SERVER_PORT: "3040",
    AWS_COGNITO_REGION: userPool(foundation).region,
    SECRET_ARNS: pulumi.all(readByApi(secrets.readyArns)).apply((arns) => arns.join(",")),
    ...(config.domain && { COOKIE_DOMAIN: config.domain.name }),
    ...(config.featureFlags !== undefined && { FEATURE_FLAGS: config.featureFlags }),
  };
}

/** What the API itself may do in AWS, besides reading its own secrets. */
function statements(foundation: Foundation): Statement[] {
  return [
    {
      sid: "SignUsersIn",
      actions: [
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminInitiateAuth",
        "cognito-idp:AdminRespondToAuthChallenge",
        "cognito-idp:AdminUserGlobalSignOut",
        "cognito-idp:DescribeUserPool",
      ],
      resources: [userPool(foundation).arn],
    },
  ];
}

/** The pool of users, which may lie in another region than the stack; its id says where. */
export function userPool(foundation: Foundation): {
  arn: pulumi.Output<string>;
  region: pulumi.Output<string>;
} {
  // The id is kept with the secrets, where the API reads it, but it is a name, not a secret.
  const id = pulumi.unsecret(externalSecret(foundation, "AWS_COGNITO_USER_POOL_ID"));
  const region = id.apply((name) => name.replace(/_.*$/, ""));
  const arn = pulumi.interpolate`arn:aws:cognito-idp:${region}:${foundation.accountId}:userpool/${id}`;
  return { arn, region };
}

/** All but the key by which OpenAI's keys are rotated: that is the rotation's alone. */
function readByApi(arns: Record<string, pulumi.Output<string>>): pulumi.Output<string>[] {
  return Object.entries(arns).flatMap(([key, arn]) => (key === ADMIN_SECRET ? [] : [arn]));
}
