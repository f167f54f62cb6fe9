import { Firewall } from "../components/firewall.ts";
import { given } from "./given.ts";

const firewall = new Firewall("gate", {
  scope: "REGIONAL",
  rateLimit: 2000,
  logRetentionDays: 90,
  kmsKeyArn: given.kmsKeyArn,
  region: given.region,
});

export const { webAclArn } = firewall;
