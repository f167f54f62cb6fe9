import { createHash } from "node:crypto";
import type { Outputs } from "../components/mock-outputs.ts";
import type { RunOptions } from "../components/mocks.ts";
import type { Environment } from "../../stacks/environments.ts";

export const account = "123456789012";
export const region = "us-east-1";

interface Named {
  /** Logical name. */
  name: string;
  inputs: Outputs;
  /** Hexadecimal digits that belong to this resource of this environment. */
  hex: (length: number) => string;
}

/** The name that AWS knows it by: the one given, or the logical name and Pulumi's seven digits. */
function physicalName({ name, inputs, hex }: Named): string {
  const { name: given, namePrefix } = inputs;
  if (typeof given === "string") return given;
  return `${typeof namePrefix === "string" ? namePrefix : `${name}-`}${hex(7)}`;
}

const regional = (service: string, rest: string): string => `arn:aws:${service}:${region}:${account}:${rest}`;

const taskDefinitionArn = regional("ecs", "task-definition/api:1");

/** What AWS computes that policies name, in the forms that it has in AWS: policies match by these. */
const computed: Record<string, (resource: Named) => Outputs> = {
  "aws:acm/certificate:Certificate": ({ inputs, hex }) => ({
    arn: regional("acm", `certificate/${hex(32)}`),
    domainValidationOptions: [inputs["domainName"], ...(inputs["subjectAlternativeNames"] as string[])].map(
      (domainName) => ({
        domainName,
        resourceRecordName: `_${hex(8)}.${String(domainName).replace("*.", "")}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_${hex(9)}.acm-validations.aws.`,
      }),
    ),
  }),
  "aws:apigatewayv2/api:Api": ({ hex }) => ({
    executionArn: regional("execute-api", hex(10)),
    apiEndpoint: `https://${hex(10)}.execute-api.${region}.amazonaws.com`,
  }),
  "aws:cloudtrail/trail:Trail": (trail) => ({ arn: regional("cloudtrail", `trail/${physicalName(trail)}`) }),
  "aws:cloudfront/distribution:Distribution": ({ hex }) => ({
    arn: `arn:aws:cloudfront::${account}:distribution/E${hex(13).toUpperCase()}`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": (group) => ({
    name: physicalName(group),
    arn: regional("logs", `log-group:${physicalName(group)}`),
  }),
  "aws:ecs/taskDefinition:TaskDefinition": () => ({ arn: taskDefinitionArn }),
  "aws:efs/accessPoint:AccessPoint": ({ hex }) => ({
    arn: regional("elasticfilesystem", `access-point/fsap-${hex(17)}`),
  }),
  "aws:efs/fileSystem:FileSystem": ({ hex }) => ({
    arn: regional("elasticfilesystem", `file-system/fs-${hex(17)}`),
  }),
  "aws:iam/role:Role": (role) => ({
    name: physicalName(role),
    arn: `arn:aws:iam::${account}:role/${physicalName(role)}`,
  }),
  "aws:kms/key:Key": ({ inputs, hex }) => {
    const keyId = [8, 4, 4, 4, 12].map(hex).join("-");
    return {
      keyId,
      arn: `arn:aws:kms:${typeof inputs["region"] === "string" ? inputs["region"] : region}:${account}:key/${keyId}`,
    };
  },
  "aws:lambda/function:Function": (lambda) => ({
    name: physicalName(lambda),
    arn: regional("lambda", `function:${physicalName(lambda)}`),
  }),
  "aws:s3/bucket:Bucket": ({ name, hex }) => ({
    bucket: `${name}-${hex(7)}`,
    arn: `arn:aws:s3:::${name}-${hex(7)}`,
  }),
  "aws:secretsmanager/secret:Secret": (secret) => {
    // Six letters and digits of Secrets Manager's own.
    const arn = regional("secretsmanager", `secret:${physicalName(secret)}-${secret.hex(6)}`);
    return { id: arn, arn };
  },
  "aws:sns/topic:Topic": (topic) => ({ arn: regional("sns", physicalName(topic)) }),
  "aws:sqs/queue:Queue": (queue) => ({
    name: physicalName(queue),
    arn: regional("sqs", physicalName(queue)),
    url: `https://sqs.${region}.amazonaws.com/${account}/${physicalName(queue)}`,
  }),
  "awsx:ecr:Repository": ({ inputs }) => {
    const name = String(inputs["name"]);
    return {
      repository: { name, arn: regional("ecr", `repository/${name}`) },
      url: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    };
  },
  "random:index/randomId:RandomId": ({ hex }) => ({ hex: hex(8) }),
};

/** What AWS computes for one resource of an environment's stack; in another environment every invented part differs. */
export function answer(
  environment: Environment,
  type: string,
  resource: Pick<Named, "name" | "inputs">,
): Outputs {
  const hex = (length: number): string =>
    createHash("sha256").update(`${environment} ${type} ${resource.name}`).digest("hex").slice(0, length);
  return computed[type]?.({ ...resource, hex }) ?? {};
}

/** Runs a stack as AWS would answer it. */
export function inAws(environment: Environment): RunOptions {
  return {
    stack: environment,
    outputs: Object.fromEntries(
      Object.keys(computed).map((type) => [
        type,
        (resource: { name: string; inputs: Outputs }) => answer(environment, type, resource),
      ]),
    ),
    calls: { "aws:ecs/getService:getService": { taskDefinition: taskDefinitionArn } },
  };
}
