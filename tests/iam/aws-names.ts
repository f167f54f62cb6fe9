import { createHash } from "node:crypto";
import type { Outputs } from "../components/mock-outputs.ts";
import type { RunOptions } from "../components/mocks.ts";
import { defaultRegion } from "../../stacks/config/region.ts";
import type { Environment } from "../../stacks/environments.ts";

export const account = "123456789012";

/** The Cognito user pool of an environment. */
export function poolId(environment: Environment): string {
  return `${defaultRegion}_${environment.toUpperCase().padEnd(9, "0").slice(0, 9)}`;
}

interface Named {
  /** Logical name. */
  name: string;
  inputs: Outputs;
  /** Where it lies. */
  region: string;
  /** Hexadecimal digits that belong to this resource of this environment. */
  hex: (length: number) => string;
  /** Its ARN, given what comes after region and account. */
  arn: (service: string, rest: string) => string;
}

/** The name that AWS knows it by: the one given, or the logical name and Pulumi's seven digits. */
function physicalName({ name, inputs, hex }: Named): string {
  const { name: given, namePrefix } = inputs;
  if (typeof given === "string") return given;
  return `${typeof namePrefix === "string" ? namePrefix : `${name}-`}${hex(7)}`;
}

const taskDefinitionArn = `arn:aws:ecs:${defaultRegion}:${account}:task-definition/api:1`;

/** What a stack that starts from copies reads of production's secrets. */
const secretCopy: Record<string, string> = {
  API_KEY: "x".repeat(48),
  COOKIE_ENCRYPTION_KEY: "x".repeat(48),
  OPENAI_API_KEY: "sk-x",
  AWS_COGNITO_USER_POOL_ID: poolId("production"),
  AWS_COGNITO_USER_POOL_CLIENT_ID: "x".repeat(26),
  AWS_COGNITO_USER_POOL_SECRET_KEY: "x".repeat(51),
  username: "app_b",
  password: "x".repeat(48),
};

/** What AWS computes that policies name, in the forms that it has in AWS: policies match by these. */
const computed: Record<string, (resource: Named) => Outputs> = {
  "aws:acm/certificate:Certificate": ({ inputs, hex, arn }) => ({
    arn: arn("acm", `certificate/${hex(32)}`),
    domainValidationOptions: [inputs["domainName"], ...(inputs["subjectAlternativeNames"] as string[])].map(
      (domainName) => ({
        domainName,
        resourceRecordName: `_${hex(8)}.${String(domainName).replace("*.", "")}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${hex(9)}.acm-validations.aws.`,
      }),
    ),
  }),
  "aws:apigatewayv2/api:Api": ({ hex, arn, region }) => ({
    executionArn: arn("execute-api", hex(10)),
    apiEndpoint: `https://${hex(10)}.execute-api.${region}.amazonaws.com`,
  }),
  "aws:cloudtrail/trail:Trail": (trail) => ({ arn: trail.arn("cloudtrail", `trail/${physicalName(trail)}`) }),
  "aws:cloudfront/distribution:Distribution": ({ hex }) => ({
    arn: `arn:aws:cloudfront::${account}:distribution/E${hex(13).toUpperCase()}`,
  }),
  "aws:cloudwatch/eventRule:EventRule": (rule) => ({
    name: physicalName(rule),
    arn: rule.arn("events", `rule/${physicalName(rule)}`),
  }),
  "aws:cloudwatch/logGroup:LogGroup": (group) => ({
    name: physicalName(group),
    arn: group.arn("logs", `log-group:${physicalName(group)}`),
  }),
  "aws:ecs/taskDefinition:TaskDefinition": () => ({ arn: taskDefinitionArn }),
  "aws:efs/accessPoint:AccessPoint": ({ hex, arn }) => ({
    arn: arn("elasticfilesystem", `access-point/fsap-${hex(17)}`),
  }),
  "aws:efs/fileSystem:FileSystem": ({ hex, arn }) => ({
    arn: arn("elasticfilesystem", `file-system/fs-${hex(17)}`),
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ name, hex, arn }) => ({
    replicationGroupId: `${name}-${hex(7)}`,
    arn: arn("elasticache", `replicationgroup:${name}-${hex(7)}`),
  }),
  "aws:iam/role:Role": (role) => ({
    name: physicalName(role),
    arn: `arn:aws:iam::${account}:role/${physicalName(role)}`,
  }),
  "aws:kms/key:Key": ({ hex, arn }) => {
    const keyId = [8, 4, 4, 4, 12].map(hex).join("-");
    return { keyId, arn: arn("kms", `key/${keyId}`) };
  },
  "aws:lambda/function:Function": (lambda) => ({
    name: physicalName(lambda),
    arn: lambda.arn("lambda", `function:${physicalName(lambda)}`),
  }),
  "aws:rds/instance:Instance": ({ inputs, hex, arn, region }) => ({
    arn: arn("rds", `db:${String(inputs["identifier"])}`),
    address: `${String(inputs["identifier"])}.${hex(12)}.${region}.rds.amazonaws.com`,
    masterUserSecrets: [{ secretArn: arn("secretsmanager", `secret:rds!db-${hex(12)}-AbCdEf`) }],
  }),
  "aws:s3/bucket:Bucket": ({ name, hex }) => ({
    bucket: `${name}-${hex(7)}`,
    arn: `arn:aws:s3:::${name}-${hex(7)}`,
  }),
  "aws:secretsmanager/secret:Secret": (secret) => {
    // Six letters and digits of Secrets Manager's own.
    const arn = secret.arn("secretsmanager", `secret:${physicalName(secret)}-${secret.hex(6)}`);
    return { id: arn, arn };
  },
  "aws:sns/topic:Topic": (topic) => ({ arn: topic.arn("sns", physicalName(topic)) }),
  "aws:sqs/queue:Queue": (queue) => ({
    name: physicalName(queue),
    arn: queue.arn("sqs", physicalName(queue)),
    url: `https://sqs.${queue.region}.amazonaws.com/${account}/${physicalName(queue)}`,
  }),
  "awsx:ecr:Repository": ({ inputs, arn, region }) => {
    const name = String(inputs["name"]);
    return {
      repository: { name, arn: arn("ecr", `repository/${name}`) },
      url: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    };
  },
  "random:index/randomId:RandomId": ({ hex }) => ({ hex: hex(8) }),
};

/** Whose resources, and where. */
export interface Place {
  environment: Environment;
  region: string;
}

/** What AWS computes for one resource of a stack; in another environment every invented part differs. */
export function answer(
  place: Place,
  type: string,
  { name, inputs }: Pick<Named, "name" | "inputs">,
): Outputs {
  const region = typeof inputs["region"] === "string" ? inputs["region"] : place.region;
  const digits = createHash("sha256").update(`${place.environment} ${type} ${name}`).digest("hex");
  const outputs = computed[type]?.({
    name,
    inputs,
    region,
    hex: (length) => digits.slice(0, length),
    arn: (service, rest) => `arn:aws:${service}:${region}:${account}:${rest}`,
  });
  return outputs ?? {};
}

/** Runs a stack as AWS would answer it. */
export function inAws(place: Place): RunOptions {
  return {
    stack: place.environment,
    outputs: Object.fromEntries(
      Object.keys(computed).map((type) => [
        type,
        (resource: { name: string; inputs: Outputs }) => answer(place, type, resource),
      ]),
    ),
    calls: {
      "aws:ecs/getService:getService": { taskDefinition: taskDefinitionArn },
      "aws:ecr/getRepository:getRepository": {
        arn: `arn:aws:ecr:${place.region}:${account}:repository/macro-ai/express-api`,
        repositoryUrl: `${account}.dkr.ecr.${place.region}.amazonaws.com/macro-ai/express-api`,
      },
      "aws:secretsmanager/getSecretVersion:getSecretVersion": { secretString: JSON.stringify(secretCopy) },
    },
  };
}
