import assert from "node:assert/strict";
import { containerHardening } from "../../../policies/rules/ecs/container-hardening.ts";
import { noPublicAddress } from "../../../policies/rules/ecs/no-public-address.ts";
import { noSecretInEnvironment } from "../../../policies/rules/ecs/no-secret-in-environment.ts";
import { volumeEncryptedInTransit } from "../../../policies/rules/ecs/volume-encrypted-in-transit.ts";
import { noSecretInFunctionEnvironment } from "../../../policies/rules/lambda/no-secret-in-environment.ts";
import { runtime } from "../../../policies/rules/lambda/runtime.ts";
import { urlAuthenticated } from "../../../policies/rules/lambda/url-authenticated.ts";
import { describeRule, mustBe, mustBeSet, mustBeTrue, mustNotBeTrue, violations } from "../harness.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const TASK_COMPONENT = "macro-ai:components:TaskDefinition";
const FUNCTION = "aws:lambda/function:Function";

const container = {
  name: "api",
  image: "api@sha256:1",
  readonlyRootFilesystem: true,
  environment: [
    { name: "APP_ENV", value: "staging" },
    {
      name: "SECRET_ARN",
      value: "arn:aws:secretsmanager:us-east-1:123456789012:secret:/macro-ai/staging/api-keys",
    },
    { name: "SECRETS_PATH", value: "/macro-ai/staging" },
    { name: "TOKEN_LIFETIME_SECONDS", value: "3600" },
  ],
};
const containers = (change: object): string => JSON.stringify([{ ...container, ...change }]);

describeRule(containerHardening, [
  {
    type: TASK,
    compliant: { family: "api", containerDefinitions: containers({}) },
    alsoCompliant: [{ pidMode: "task", containerDefinitions: containers({ privileged: false }) }],
    // AWS refuses a task without containers.
    wellWithout: ["containerDefinitions"],
    mutations: [
      {
        path: "containerDefinitions",
        value: containers({ privileged: true }),
        messages: [
          "containerDefinitions[0].privileged is true; it must be false. Set containerDefinitions[0].privileged to false.",
        ],
      },
      {
        path: "containerDefinitions",
        value: containers({ readonlyRootFilesystem: undefined }),
        messages: [
          "containerDefinitions[0].readonlyRootFilesystem is not set; it must be true. Set containerDefinitions[0].readonlyRootFilesystem to true.",
        ],
      },
      {
        path: "pidMode",
        value: "host",
        messages: ['pidMode is "host"; it must be task, or left out. Set pidMode to task, or leave it out.'],
      },
      {
        path: "ipcMode",
        value: "host",
        messages: ['ipcMode is "host"; it must be task, or left out. Set ipcMode to task, or leave it out.'],
      },
    ],
  },
  {
    type: TASK_COMPONENT,
    compliant: { containers: [container] },
    mutations: [
      mustNotBeTrue("containers.0.privileged"),
      ...mustBeTrue("containers.0.readonlyRootFilesystem"),
      {
        path: "containers.0.user",
        value: "0:0",
        messages: [
          mustBe(
            "containers[0].user",
            '"0:0"',
            "no root user",
            "to a user of the image with no power over it, for example 1000",
          ),
        ],
      },
    ],
  },
]);

describeRule(noPublicAddress, [
  {
    type: "aws:ecs/service:Service",
    compliant: { networkConfiguration: { subnets: ["subnet-1"], assignPublicIp: false } },
    wellWithout: ["networkConfiguration.assignPublicIp"],
    mutations: [
      {
        path: "networkConfiguration.assignPublicIp",
        value: true,
        messages: [
          "networkConfiguration.assignPublicIp is true; it must be false. Set networkConfiguration.assignPublicIp to false.",
        ],
      },
    ],
  },
]);

describeRule(volumeEncryptedInTransit, [
  {
    type: TASK,
    compliant: {
      family: "api",
      volumes: [{ name: "files", efsVolumeConfiguration: { transitEncryption: "ENABLED" } }],
    },
    alsoCompliant: [{ volumes: [{ name: "scratch" }] }],
    mutations: [
      {
        path: "volumes.0.efsVolumeConfiguration.transitEncryption",
        value: undefined,
        messages: [
          "volumes[0].efsVolumeConfiguration.transitEncryption is not set; it must be ENABLED. Set volumes[0].efsVolumeConfiguration.transitEncryption to ENABLED.",
        ],
      },
    ],
  },
]);

const secretMessage = (property: string): string =>
  `${property} is a plain value that looks like a secret; it must be in Secrets Manager. ` +
  "Put the value in a secret, pass its ARN, and read it at run time.";
const namedMessage = (property: string): string =>
  `${secretMessage(property)} If it is none, let the name say so: end it in what it is (_NAME, _ID, _URL, _HEADER, _POLICY).`;

describeRule(noSecretInEnvironment, [
  {
    type: TASK_COMPONENT,
    compliant: { containers: [container] },
    // What a variable is called, and any other variable.
    decides: ["containers.*.environment.*"],
    mutations: [
      {
        path: "containers.0.environment.0",
        value: { name: "DB_PASSWORD", value: "hunter2" },
        messages: [namedMessage("containers[0].environment.DB_PASSWORD")],
      },
      {
        path: "containers.0.environment.0.value",
        value: "postgres://user:hunter2@host/db",
        messages: [secretMessage("containers[0].environment.APP_ENV")],
      },
    ],
  },
  {
    type: TASK,
    compliant: { family: "api", containerDefinitions: containers({}) },
    wellWithout: ["containerDefinitions"],
    mutations: [
      {
        path: "containerDefinitions",
        value: containers({ environment: [{ name: "DB_PASSWORD", value: "hunter2" }] }),
        messages: [namedMessage("containerDefinitions[0].environment.DB_PASSWORD")],
      },
    ],
  },
]);

describeRule(noSecretInFunctionEnvironment, [
  {
    type: FUNCTION,
    compliant: {
      handler: "index.handler",
      environment: { variables: { APP_ENV: "staging", AWS_LWA_READINESS_CHECK_PATH: "/api/health" } },
    },
    alsoCompliant: [{}],
    // Any other variable.
    decides: ["environment.variables.*"],
    mutations: [
      ["API_KEY", "0123456789abcdef"],
      ["REDIS_URL", "rediss://default:hunter2@cache.example.com:6379"],
      ["SETTING", "sk-proj-0123456789abcdef"],
      ["SETTING", "AKIAIOSFODNN7EXAMPLE"],
      ["SETTING", "-----BEGIN PRIVATE KEY-----"],
      ["COOKIE_ENCRYPTION_KEY", "0123456789abcdef"],
    ].map(([name = "", value]) => ({
      path: `environment.variables.${name}`,
      value,
      messages: [(/KEY$/.test(name) ? namedMessage : secretMessage)(`environment.variables.${name}`)],
    })),
  },
]);

const maintained =
  "one of nodejs22.x, nodejs24.x, python3.11, python3.12, python3.13, python3.14, java17, java21, java25, dotnet10, ruby3.3, ruby3.4, provided.al2023";
describeRule(runtime, [
  {
    type: FUNCTION,
    compliant: { handler: "index.handler", runtime: "nodejs24.x" },
    alsoCompliant: [{ packageType: "Image" }],
    // An image brings its own.
    decides: ["packageType"],
    mutations: [
      mustBeSet("runtime", maintained, "to nodejs24.x, or the newest of its language"),
      {
        path: "runtime",
        value: "nodejs20.x",
        messages: [
          mustBe("runtime", '"nodejs20.x"', maintained, "to nodejs24.x, or the newest of its language"),
        ],
      },
    ],
  },
]);

describeRule(urlAuthenticated, [
  {
    type: "aws:lambda/functionUrl:FunctionUrl",
    compliant: { functionName: "f", authorizationType: "AWS_IAM" },
    mutations: [
      mustBeSet("authorizationType", "AWS_IAM"),
      {
        path: "authorizationType",
        value: "NONE",
        messages: ['authorizationType is "NONE"; it must be AWS_IAM. Set authorizationType to AWS_IAM.'],
      },
    ],
  },
]);

describe("secrets in an environment", () => {
  it("are never repeated in a message", () => {
    const variables = { DB_PASSWORD: "hunter2", URL: "postgres://user:hunter2@host/db" };
    const messages = violations(noSecretInFunctionEnvironment, FUNCTION, { environment: { variables } });
    assert.equal(messages.length, 2);
    assert.ok(!messages.join().includes("hunter2"));
  });
});
