import "./quiet-sdk.ts";
import { Alarms } from "../components/alarms.ts";
import { aws } from "../components/aws.ts";
import { AuditTrail } from "../components/audit-trail.ts";
import { CLOUDFRONT_REGION } from "../components/cloudfront-region.ts";
import { Domain } from "../components/domain.ts";
import { EncryptionKey } from "../components/encryption-key.ts";
import { EventAlerts } from "../components/event-alerts.ts";
import { SecretSet } from "../components/secret-set.ts";
import { publishApi } from "./api.ts";
import { boundRoles } from "./boundary.ts";
import { createBudget } from "./budget.ts";
import { readConfig } from "./config.ts";
import { enterprise } from "./enterprise.ts";
import { edgeKeyArn } from "./edge.ts";
import type { Foundation } from "./foundation.ts";
import { requireBuiltFunctions } from "./function-code.ts";
import { hobby } from "./hobby.ts";
import { createImages } from "./images.ts";
import { secretPath } from "./names.ts";
import { keepSecretsOutOfSight } from "./plain-sight.ts";
import { createReplica, inheritance, takesOver } from "./replicas.ts";
import { scales, sizesOf } from "./scales.ts";
import { commonSecrets } from "./secrets.ts";
import { tagEverything } from "./tags.ts";
import { createWebsite } from "./website.ts";

requireBuiltFunctions();
const config = readConfig({ enterprise: scales });
const { traits, region, deletionProtection } = config;
tagEverything(config);
if (config.permissionsBoundary !== undefined) boundRoles(config.permissionsBoundary);
keepSecretsOutOfSight();

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
    services: [
      "budgets",
      "cloudfront",
      "cloudwatch",
      "events",
      "logs",
      ...(config.features.auditTrail ? (["cloudtrail"] as const) : []),
    ],
    deletionWindowDays: traits.keyDeletionDays,
  },
  kept,
);

const replica = createReplica(config, accountId);
const inherit = inheritance(config);
const images = createImages(config, { kmsKeyArn: key.arn, accountId, ...(replica && { replica }) });

const domain =
  config.domain &&
  new Domain("domain", {
    domain: config.domain.name,
    hostedZoneId: config.domain.hostedZoneId,
    region,
    takeOver: takesOver(config),
  });

const foundation: Omit<Foundation, "config"> = {
  sizes: sizesOf(config),
  region,
  accountId,
  kmsKeyArn: key.arn,
  edgeKeyArn: edgeKeyArn(config, { accountId, kmsKeyArn: key.arn }),
  apiRepository: images.api,
  ...(replica && { replica }),
  ...(inherit && { inherit }),
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
    secrets: { ...commonSecrets({ ...foundation, config }), ...platform.secrets },
    ...(replica && { replicas: [replica] }),
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

const runbooks = { ...(config.runbookUrl !== undefined && { runbookUrl: config.runbookUrl }) };
const alarms = new Alarms("alarms", {
  kmsKeyArn: key.arn,
  kmsKeyArnsElsewhere: { [CLOUDFRONT_REGION]: foundation.edgeKeyArn },
  accountId,
  region,
  ...runbooks,
  ...(config.alertEmail !== undefined && { email: config.alertEmail }),
  dashboard: config.features.dashboard ? "one" : "none",
  definitions: [
    ...platform.alarms,
    ...api.alarms,
    ...website.alarms(),
    ...(domain?.alarms() ?? []),
    ...(trail?.alarms() ?? []),
  ],
});
new EventAlerts("events", {
  topicArns: alarms.topicArns,
  region,
  ...runbooks,
  definitions: [
    ...platform.events,
    ...api.events,
    ...secrets.events(),
    ...(domain?.events() ?? []),
    ...(trail?.events() ?? []),
  ],
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
export const repositoryUrls = images.urls;
