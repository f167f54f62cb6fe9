import { logGroup } from "../components/log-group.ts";
import { Website } from "../components/website.ts";
import { given } from "./given.ts";

const { kmsKeyArn, accountId } = given;

// CloudFront delivers its log from us-east-1.
const requests = logGroup("shop-requests", { retentionDays: 30, kmsKeyArn, region: "us-east-1" }, {});

const website = new Website("shop", {
  aliases: [],
  kmsKeyArn,
  connectSources: ["https://orders.example.com"],
  logGroup: { name: requests.name, arn: requests.arn },
  logRetentionDays: 30,
  deletionProtection: false,
  accountId,
});

export const { url, bucketName } = website;
