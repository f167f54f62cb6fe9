import { CLOUDFRONT_REGION } from "../components/cloudfront-region.ts";
import { aliasRecords, type Domain } from "../components/domain.ts";
import { Firewall } from "../components/firewall.ts";
import { logGroup } from "../components/log-group.ts";
import { Website } from "../components/website.ts";
import { requestsPerAddress } from "./api.ts";
import type { Api, Foundation } from "./foundation.ts";
import { wellKnownName } from "./names.ts";
import { takesOver } from "./replicas.ts";

/** The client, with its name in the stack's domain. */
export function createWebsite(foundation: Foundation, api: Api, domain: Domain | undefined): Website {
  const { config, sizes, region, accountId, kmsKeyArn, edgeKeyArn } = foundation;
  const { logRetentionDays } = config.traits;
  const appHostName = config.domain && `app.${config.domain.name}`;
  const firewall = config.features.firewall
    ? new Firewall("website-firewall", {
        scope: "CLOUDFRONT",
        rateLimit: requestsPerAddress,
        kmsKeyArn: edgeKeyArn,
        logRetentionDays,
        region,
      })
    : undefined;
  // No server renders the client: its requests are CloudFront's, as the API's are its tasks'.
  const logs = logGroup(
    "ui-logs",
    {
      name: wellKnownName(config.environment, "/ecs/macro-ai-ui"),
      retentionDays: logRetentionDays,
      kmsKeyArn: edgeKeyArn,
      region: CLOUDFRONT_REGION,
    },
    { retainOnDelete: config.deletionProtection },
  );
  const website = new Website(
    "website",
    {
      ...sizes.website,
      aliases: appHostName === undefined ? [] : [appHostName],
      ...(domain && { certificateArn: domain.cloudfrontCertificateArn }),
      ...(firewall && { webAclArn: firewall.webAclArn }),
      kmsKeyArn,
      connectSources: [api.url],
      logGroup: { name: logs.name, arn: logs.arn },
      logRetentionDays,
      deletionProtection: config.deletionProtection,
      accountId,
    },
    { protect: config.deletionProtection },
  );
  if (config.domain && appHostName !== undefined) {
    aliasRecords(
      "website",
      {
        hostedZoneId: config.domain.hostedZoneId,
        recordName: appHostName,
        target: { dnsName: website.domainName, zoneId: website.hostedZoneId },
        takeOver: takesOver(config),
      },
      {},
    );
  }
  return website;
}
