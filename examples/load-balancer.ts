import { LoadBalancer } from "../components/load-balancer.ts";
import { given } from "./given.ts";

const { vpcId, publicSubnetIds, certificateArn, webAclArn, region, accountId } = given;

const balancer = new LoadBalancer("front", {
  vpcId,
  subnetIds: publicSubnetIds,
  certificateArn,
  webAclArn,
  deletionProtection: true,
  logRetentionDays: 90,
  accountId,
  region,
});

export const { dnsName, httpsListenerArn } = balancer;
