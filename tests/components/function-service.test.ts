import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FunctionService, type FunctionServiceArgs } from "../../components/function-service.ts";
import { kmsKeyArn } from "./examples.ts";
import { run, valueOf, type Recording } from "./mocks.ts";
import { functionService, logGroup, secretArn } from "./serving-examples.ts";
import { without } from "./without.ts";

const apiOutputs = {
  apiEndpoint: "https://a1b2c3.execute-api.us-east-1.amazonaws.com",
  executionArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3",
};

function make(changes: Partial<FunctionServiceArgs> = {}) {
  return run(() => new FunctionService("api", { ...functionService, ...changes }), {
    outputs: {
      "aws:apigatewayv2/api:Api": () => apiOutputs,
      "aws:apigatewayv2/domainName:DomainName": ({ inputs }) => ({
        domainNameConfiguration: {
          ...(inputs["domainNameConfiguration"] as object),
          targetDomainName: "d-1.execute-api.us-east-1.amazonaws.com",
          hostedZoneId: "Z1UJRXOUMOOFQ8",
        },
      }),
    },
  });
}

function lambda(recording: Recording): Readonly<Record<string, unknown>> {
  return recording.one("aws:lambda/function:Function").inputs;
}

describe("FunctionService", () => {
  it("runs the image on ARM64, traced, encrypted and with a place for dead letters", async () => {
    const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/macro-ai/express-api:1.0.0";
    const { recording } = await make({ image, reservedConcurrency: 20 });
    assert.partialDeepStrictEqual(lambda(recording), {
      packageType: "Image",
      imageUri: image,
      architectures: ["arm64"],
      memorySize: 512,
      timeout: 29,
      reservedConcurrentExecutions: 20,
      kmsKeyArn,
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: "/ecs/macro-ai-api" },
    });
    const { deadLetterConfig } = lambda(recording) as { deadLetterConfig: { targetArn: string } };
    assert.match(deadLetterConfig.targetArn, /api-dead-letters$/);
    assert.equal(recording.one("aws:sqs/queue:Queue").inputs["kmsMasterKeyId"], kmsKeyArn);
  });

  it("runs a placeholder on a current Node until there is an image", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(lambda(recording), {
      packageType: "Zip",
      runtime: "nodejs24.x",
      handler: "index.handler",
    });
    assert.equal(lambda(recording)["imageUri"], undefined);
  });

  it("tells the Lambda Web Adapter where the application listens and when it is ready", async () => {
    const { recording } = await make();
    assert.deepEqual(lambda(recording)["environment"], {
      variables: {
        APP_ENV: "production",
        AWS_LWA_PORT: "3040",
        AWS_LWA_READINESS_CHECK_PATH: "/api/health",
        AWS_LWA_INVOKE_MODE: "buffered",
      },
    });
  });

  it("may write its log, send traces and dead letters, and read its own secrets", async () => {
    const { recording } = await make();
    const statements = recording.statements(recording.one("RolePolicy", "api"));
    assert.deepEqual(statements.map(({ sid, resources }) => [sid, resources]).slice(0, 7), [
      ["WriteLogs", [`${logGroup.arn}:*`]],
      ["WriteTraces", ["*"]],
      ["SendDeadLetters", ["arn:aws:sqs:us-east-1:123456789012:queue/api-dead-letters"]],
      ["EncryptDeadLetters", [kmsKeyArn]],
      ["DecryptEnvironment", [kmsKeyArn]],
      ["ReadSecrets", [secretArn]],
      ["DecryptSecrets", [functionService.secretsKeyArn]],
    ]);
    assert.equal(statements.at(-1)?.["sid"], "SignUsersIn");
  });

  it("takes dead letters over TLS only", async () => {
    const { recording } = await make();
    const [statement] = recording.statements(recording.one("QueuePolicy"));
    assert.partialDeepStrictEqual(statement, {
      effect: "Deny",
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("is called through an HTTP API that throttles, logs and deploys by itself", async () => {
    const { recording } = await make();
    assert.equal(recording.one("aws:apigatewayv2/api:Api").inputs["protocolType"], "HTTP");
    assert.partialDeepStrictEqual(recording.one("Integration").inputs, {
      integrationType: "AWS_PROXY",
      payloadFormatVersion: "2.0",
    });
    assert.equal(recording.one("Route").inputs["routeKey"], "$default");
    const { inputs } = recording.one("Stage");
    assert.partialDeepStrictEqual(inputs, {
      name: "$default",
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 50, throttlingBurstLimit: 100 },
    });
    const { format } = inputs["accessLogSettings"] as { format: string };
    assert.ok("requestId" in (JSON.parse(format) as object));
    assert.partialDeepStrictEqual(recording.one("LogGroup", "api-access").inputs, {
      kmsKeyId: kmsKeyArn,
      retentionInDays: 30,
    });
  });

  it("can be called by this API only", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("Permission").inputs, {
      principal: "apigateway.amazonaws.com",
      sourceArn: `${apiOutputs.executionArn}/*/$default`,
    });
  });

  it("answers on its domain alone, over TLS 1.2, and says where the domain's records must lead", async () => {
    const { recording, result } = await make();
    assert.equal(await valueOf(result.url), "https://api.macro-ai.com");
    assert.equal(recording.one("aws:apigatewayv2/api:Api").inputs["disableExecuteApiEndpoint"], true);
    assert.partialDeepStrictEqual(recording.one("DomainName").inputs, {
      domainName: "api.macro-ai.com",
      domainNameConfiguration: { endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    });
    const { stage } = recording.one("ApiMapping").inputs;
    assert.equal(stage, "$default", "API Gateway wants the stage's name");
    assert.equal(recording.all("Record").length, 0);
    assert.ok(result.target);
    assert.equal(await valueOf(result.target.dnsName), "d-1.execute-api.us-east-1.amazonaws.com");
    assert.equal(await valueOf(result.target.zoneId), "Z1UJRXOUMOOFQ8");
  });

  it("answers on AWS's name where there is no domain", async () => {
    const { recording, result } = await run(
      () => new FunctionService("api", without(functionService, "domain")),
      {
        outputs: { "aws:apigatewayv2/api:Api": () => apiOutputs },
      },
    );
    assert.equal(await valueOf(result.url), apiOutputs.apiEndpoint);
    assert.equal(recording.one("aws:apigatewayv2/api:Api").inputs["disableExecuteApiEndpoint"], false);
    assert.equal(recording.all("DomainName").length, 0);
  });

  it("sends no traces where none are wanted", async () => {
    const { recording } = await make({ tracing: "none" });
    assert.deepEqual(lambda(recording)["tracingConfig"], { mode: "PassThrough" });
    const sids = recording.statements(recording.one("RolePolicy", "api")).map(({ sid }) => sid);
    assert.ok(!sids.includes("WriteTraces"));
  });

  it("watches errors, throttles, duration, the API's 5xx and dead letters", async () => {
    const { result } = await make();
    assert.deepEqual(
      result.alarms().map(({ name, metric, threshold }) => [name, metric.namespace, threshold]),
      [
        ["api-errors", "AWS/Lambda", 10],
        ["api-throttles", "AWS/Lambda", 5],
        ["api-duration", "AWS/Lambda", 23_200],
        ["api-5xx", "AWS/ApiGateway", 10],
        ["api-dead-letters", "AWS/SQS", 0],
      ],
    );
  });

  it("refuses bad arguments all at once, by their paths", () => {
    const changes = {
      memoryMiB: 64,
      timeoutSeconds: 30,
      reservedConcurrency: 0,
      healthPath: "health",
      logRetentionDays: 8,
    };
    assert.throws(
      () => new FunctionService("api", { ...functionService, ...changes }),
      (error: unknown) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.deepEqual(
          error.errors.map(({ propertyPath }) => propertyPath),
          ["memoryMiB", "timeoutSeconds", "reservedConcurrency", "healthPath", "logRetentionDays"],
        );
        return true;
      },
    );
  });
});
