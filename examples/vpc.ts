import { Vpc } from "../components/vpc.ts";
import { given } from "./given.ts";

const { region, accountId, kmsKeyArn } = given;

const network = new Vpc("network", {
  cidrBlock: "10.20.0.0/16",
  zones: 2,
  natGateways: "single",
  interfaceEndpoints: ["secretsmanager"],
  flowLogs: { retentionDays: 30, kmsKeyArn },
  region,
  accountId,
});

export const { vpcId, privateSubnetIds, isolatedSubnetIds } = network;
