import type * as aws from "@pulumi/aws";
import { isTrue, properties } from "../../core/expectations.ts";
import type { ResourceRule } from "../../core/rule.ts";

export const proxyTls: ResourceRule = {
  name: "rds-proxy-tls",
  description: "Database proxies refuse connections without TLS.",
  severity: "high",
  group: "encryption",
  references: ["Config rds-proxy-tls-encryption"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html",
  checks: [properties<aws.rds.ProxyArgs>("aws:rds/proxy:Proxy", { requireTls: isTrue })],
};
