import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { Cache } from "../components/cache.ts";
import { given } from "./given.ts";

const { vpcId, isolatedSubnetIds, kmsKeyArn } = given;

const cache = new Cache("sessions", {
  vpcId,
  subnetIds: isolatedSubnetIds,
  engine: "valkey",
  nodeType: "cache.t4g.micro",
  nodes: 2,
  kmsKeyArn,
  authToken: new RandomPassword("sessions-token", { length: 48, special: false }).result,
  snapshotRetentionDays: 7,
  logRetentionDays: 90,
});

export const { endpoint, readerEndpoint } = cache;
