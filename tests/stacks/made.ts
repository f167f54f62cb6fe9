import type { Recording, RunOptions } from "../components/mocks.ts";
import { evaluate, type Given } from "./program.ts";

/** What the program reads of what AWS computes. */
const outputs: NonNullable<RunOptions["outputs"]> = {
  "aws:acm/certificate:Certificate": () => ({
    domainValidationOptions: [
      { resourceRecordName: "_a.macro-ai.com", resourceRecordType: "CNAME", resourceRecordValue: "_b.aws" },
    ],
  }),
  "aws:apigatewayv2/api:Api": () => ({ apiEndpoint: "https://api.example.com" }),
  "aws:apigatewayv2/domainName:DomainName": () => ({
    domainNameConfiguration: { targetDomainName: "d-1.execute-api.amazonaws.com", hostedZoneId: "Z1" },
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ name }) => ({ replicationGroupId: name }),
  "aws:lb/loadBalancer:LoadBalancer": () => ({ arnSuffix: "app/balancer/0123456789abcdef" }),
  "aws:lb/targetGroup:TargetGroup": () => ({ arnSuffix: "targetgroup/api/0123456789abcdef" }),
  "aws:rds/proxy:Proxy": () => ({ endpoint: "proxy.example.com" }),
  "random:index/randomId:RandomId": () => ({ hex: "1a2b3c4d" }),
  "random:index/randomPassword:RandomPassword": ({ name }) => ({ result: `password-of-${name}` }),
};

const taskDefinition = "arn:aws:ecs:us-east-1:123456789012:taskdefinition/api";

/** What the program makes in an update, with all values known. `answers` are what other functions say. */
export async function made(
  config: Given,
  stack: string,
  answers: NonNullable<RunOptions["calls"]> = {},
): Promise<Recording> {
  const calls = { "aws:ecs/getService:getService": { taskDefinition }, ...answers };
  return (await evaluate(config, { stack, outputs, calls })).recording;
}
