import { aliasRecords, Domain } from "../components/domain.ts";
import { given } from "./given.ts";

const { hostedZoneId, region } = given;

const domain = new Domain("domain", { domain: "example.com", hostedZoneId, region });
aliasRecords(
  "shop",
  {
    hostedZoneId,
    recordName: "shop.example.com",
    // CloudFront's own zone, the same for every distribution.
    target: { dnsName: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" },
  },
  {},
);

export const { certificateArn, cloudfrontCertificateArn } = domain;
