import "./quiet-sdk.ts";
import * as pulumi from "@pulumi/pulumi";
import { Alarms } from "../components/alarms.ts";
import { aws } from "../components/aws.ts";
import { AuditTrail } from "../components/audit-trail.ts";
import { Domain } from "../components/domain.ts";
import { EncryptionKey } from "../components/encryption-key.ts";
import { EventAlerts } from "../components/event-alerts.ts";
import { Registry } from "../components/registry.ts";
import { SecretSet } from "../components/secret-set.ts";
import { publishApi } from "./api.ts";
import { createBudget } from "./budget.ts";
import { readConfig } from "./config.ts";
import { enterprise } from "./enterprise.ts";
import type { Foundation } from "./foundation.ts";
import { hobby } from "./hobby.ts";
import { secretPath, wellKnownName } from "./names.ts";
import { scales, sizesOf } from "./scales.ts";
import { commonSecrets } from "./secrets.ts";
import { tagEverything } from "./tags.ts";
import { createWebsite } from "./website.ts";

const config = readConfig({ enterprise: scales });
const { traits, deletionProtection } = config;
tagEverything(config);

const region = new pulumi.Config("aws").get("region") ?? "us-east-1";
const accountId = aws.getCallerIdentityOutput().accountId;
const kept = { protect: deletionProtection };
/** PCI DSS v4.0.1, 10.5.1: audit logs are kept for at least twelve months. */
const auditRetentionDays = 365;

const key = new EncryptionKey(
  "shared",
  {
    description:
      "Everything without a key of its own: secrets, logs, images, the client's files, notifications",
    accountId,
    region,
    services: ["budgets", "cloudfront", "cloudtrail", "cloudwatch", "events", "logs"],
    deletionWindowDays: traits.keyDeletionDays,
  },
  kept,
);

const apiRepository = wellKnownName(config.environment, "macro-ai/express-api");
const uiRepository = wellKnownName(config.environment, "macro-ai/client-ui");
const registry = new Registry(
  "registry",
  {
    repositories: [apiRepository, uiRepository],
    kmsKeyArn: key.arn,
    accountId,
    region,
    forceDelete: !deletionProtection,
  },
  kept,
);

const domain =
  config.domain &&
  new Domain("domain", { domain: config.domain.name, hostedZoneId: config.domain.hostedZoneId, region });

const foundation: Omit<Foundation, "config"> = {
  sizes: sizesOf(config),
  region,
  accountId,
  kmsKeyArn: key.arn,
  apiRepository: registry.repository(apiRepository),
  ...(domain && { certificateArn: domain.certificateArn }),
};

const platform =
  config.scale === "enterprise" ? enterprise({ ...foundation, config }) : hobby({ ...foundation, config });

const secrets = new SecretSet(
  "secrets",
  {
    path: secretPath(traits.secretSegment),
    kmsKeyArn: key.arn,
    accountId,
    recoveryWindowDays: traits.secretRecoveryDays,
    secrets: { ...commonSecrets(config), ...platform.secrets },
  },
  kept,
);

const api = platform.serveApi(secrets);
publishApi(config, api);
const website = createWebsite({ ...foundation, config }, api, domain);

const trail = config.features.auditTrail
  ? new AuditTrail(
      "trail",
      {
        kmsKeyArn: key.arn,
        accountId,
        region,
        retentionDays: auditRetentionDays,
        logRetentionDays: traits.logRetentionDays,
        accessLogs: website.accessLogs,
      },
      kept,
    )
  : undefined;

const alarms = new Alarms("alarms", {
  kmsKeyArn: key.arn,
  accountId,
  region,
  ...(config.alertEmail !== undefined && { email: config.alertEmail }),
  definitions: [
    ...platform.alarms,
    ...api.alarms,
    ...website.alarms(),
    ...(domain?.alarms() ?? []),
    ...(trail?.alarms() ?? []),
  ],
});
new EventAlerts("events", {
  topicArn: alarms.topicArn,
  definitions: [...platform.events, ...api.events],
});
createBudget(config, alarms.topicArn);

/** Where the API answers. */
export const apiUrl = api.url;
/** Where the client is served. */
export const appUrl = website.url;
/** The alarms and their metrics. */
export const dashboardUrl = alarms.dashboardUrl;
/** The names, never the values. */
export const secretNames = secrets.names;
/** Where the pipeline pushes images, by repository. */
export const repositoryUrls = registry.repositoryUrls;
