import type * as pulumi from "@pulumi/pulumi";
import { aliasRecords, type Domain } from "../components/domain.ts";
import { EncryptionKey } from "../components/encryption-key.ts";
import { Firewall } from "../components/firewall.ts";
import { Website } from "../components/website.ts";
import { requestsPerAddress } from "./api.ts";
import type { Api, Foundation } from "./foundation.ts";

const edgeRegion = "us-east-1";

/** The client, with its name in the stack's domain. */
export function createWebsite(foundation: Foundation, api: Api, domain: Domain | undefined): Website {
  const { config, sizes, region, accountId, kmsKeyArn } = foundation;
  const { logRetentionDays } = config.traits;
  const appHostName = config.domain && `app.${config.domain.name}`;
  const firewall = config.features.firewall
    ? new Firewall("website-firewall", {
        scope: "CLOUDFRONT",
        rateLimit: requestsPerAddress,
        kmsKeyArn: edgeKeyArn(foundation),
        logRetentionDays,
        region,
      })
    : undefined;
  const website = new Website(
    "website",
    {
      ...sizes.website,
      aliases: appHostName === undefined ? [] : [appHostName],
      ...(domain && { certificateArn: domain.cloudfrontCertificateArn }),
      ...(firewall && { webAclArn: firewall.webAclArn }),
      kmsKeyArn,
      connectSources: [api.url],
      logRetentionDays,
      deletionProtection: config.deletionProtection,
      accountId,
      region,
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
      },
      {},
    );
  }
  return website;
}

/** CloudFront's firewall and its log lie in us-east-1 wherever the stack is, and a key serves only its own region. */
function edgeKeyArn({ config, region, accountId, kmsKeyArn }: Foundation): pulumi.Output<string> {
  if (region === edgeRegion) return kmsKeyArn;
  const key = new EncryptionKey(
    "edge-key",
    {
      description: "What must lie in us-east-1: the log of CloudFront's firewall",
      accountId,
      region: edgeRegion,
      services: ["logs"],
      deletionWindowDays: config.traits.keyDeletionDays,
    },
    { protect: config.deletionProtection },
  );
  return key.arn;
}
