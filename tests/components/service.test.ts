import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Service } from "../../components/service.ts";
import type { ServiceArgs } from "../../components/service-args.ts";
import { accountId, kmsKeyArn, region } from "./examples.ts";
import { run, valueOf, type Recording, type RunOptions } from "./mocks.ts";
import { logGroup, repositoryArn, secretArn, service } from "./serving-examples.ts";
import { without } from "./without.ts";

function make(changes: Partial<ServiceArgs> = {}, options: RunOptions = {}) {
  return makeOf({ ...service, ...changes }, options);
}

function makeOf(args: ServiceArgs, options: RunOptions = {}) {
  return run(() => new Service("api", args), {
    calls: { "aws:ecs/getService:getService": { taskDefinition: definitionArn } },
    outputs: {
      "aws:lb/targetGroup:TargetGroup": () => ({ arnSuffix: "targetgroup/api/0123456789abcdef" }),
    },
    ...options,
  });
}

const sharedDirectory = {
  fileSystemId: "fs-1",
  fileSystemArn: `arn:aws:elasticfilesystem:${region}:${accountId}:file-system/fs-1`,
  accessPointId: "fsap-1",
  accessPointArn: `arn:aws:elasticfilesystem:${region}:${accountId}:access-point/fsap-1`,
};

/** As the mocks name it. */
const definitionArn = `arn:aws:ecs:${region}:${accountId}:taskdefinition/api`;

type Container = Record<string, unknown> & { name: string };

function containersOf(recording: Recording): Container[] {
  const { inputs } = recording.one("aws:ecs/taskDefinition:TaskDefinition");
  return JSON.parse(inputs["containerDefinitions"] as string) as Container[];
}

function application(recording: Recording): Container {
  const found = containersOf(recording).find(({ name }) => name === "api");
  assert.ok(found);
  return found;
}

function statementsOf(recording: Recording, role: string): Record<string, Record<string, unknown>> {
  const statements = recording.statements(recording.one("RolePolicy", role));
  return Object.fromEntries(statements.map((statement) => [statement["sid"] as string, statement]));
}

function problemsOf(changes: Partial<ServiceArgs>, name = "api"): string[] {
  try {
    new Service(name, { ...service, ...changes });
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error));
    return error.errors.map(({ propertyPath }) => propertyPath);
  }
  return [];
}

describe("Service", () => {
  describe("its containers", () => {
    it("run on ARM64 Fargate of the given size", async () => {
      const { recording } = await make();
      assert.partialDeepStrictEqual(recording.one("aws:ecs/taskDefinition:TaskDefinition").inputs, {
        cpu: "512",
        memory: "1024",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        family: "macro-ai-stack-api",
      });
    });

    it("are locked: read-only root, no root user, no privilege, no capability, an init process", async () => {
      const { recording } = await make();
      for (const container of containersOf(recording)) {
        assert.partialDeepStrictEqual(container, {
          readonlyRootFilesystem: true,
          privileged: false,
          linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
          ulimits: [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }],
        });
        assert.match(container["user"] as string, /^[1-9]\d*:[1-9]\d*$/);
      }
    });

    it("can write to /tmp in memory, and to what the agent of ECS Exec needs", async () => {
      const { recording } = await make();
      const { linuxParameters, mountPoints } = application(recording) as unknown as {
        linuxParameters: { tmpfs: { containerPath: string; size: number }[] };
        mountPoints: { sourceVolume: string; containerPath: string }[];
      };
      assert.deepEqual(
        linuxParameters.tmpfs.map(({ containerPath, size }) => [containerPath, size]),
        [["/tmp", 64]],
      );
      assert.deepEqual(
        mountPoints.map(({ sourceVolume, containerPath }) => [sourceVolume, containerPath]),
        [
          ["session-state", "/var/lib/amazon"],
          ["session-log", "/var/log/amazon"],
        ],
      );
      assert.deepEqual(recording.one("aws:ecs/taskDefinition:TaskDefinition").inputs["volumes"], [
        { name: "session-state" },
        { name: "session-log" },
      ]);
    });

    it("get their settings in plain, no secret's value, and where to send traces", async () => {
      const { recording } = await make();
      assert.deepEqual(application(recording)["environment"], [
        { name: "APP_ENV", value: "production" },
        { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://127.0.0.1:4318" },
        { name: "AWS_XRAY_DAEMON_ADDRESS", value: "127.0.0.1:2000" },
      ]);
    });

    it("log to the given group without blocking, and end in time for the load balancer", async () => {
      const { recording } = await make();
      assert.partialDeepStrictEqual(application(recording), {
        stopTimeout: 60,
        portMappings: [{ containerPort: 3040 }],
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": "/ecs/macro-ai-api",
            "awslogs-region": region,
            mode: "non-blocking",
          },
        },
      });
      const { inputs } = recording.one("TargetGroup");
      assert.ok(
        (inputs["deregistrationDelay"] as number) < (application(recording)["stopTimeout"] as number),
      );
    });

    it("include a trace collector that the task can live without, only where traces are wanted", async () => {
      const { recording } = await make();
      const collector = containersOf(recording)[1];
      assert.partialDeepStrictEqual(collector, { name: "xray-collector", essential: false });
      assert.match(
        String(collector?.["image"]),
        /^public\.ecr\.aws\/aws-observability\/aws-otel-collector:v/,
      );
      const { recording: untraced } = await make({ tracing: "none" });
      assert.deepEqual(
        containersOf(untraced).map(({ name }) => name),
        ["api"],
      );
      assert.ok(!("WriteTraces" in statementsOf(untraced, "api-task")));
    });

    it("are a placeholder that answers the health check as long as there is no image", async () => {
      const { recording } = await makeOf(without(service, "image"));
      const { image, command } = application(recording) as unknown as { image: string; command: string[] };
      assert.match(image, /^public\.ecr\.aws\/docker\/library\/node:24/);
      assert.deepEqual(command.slice(0, 2), ["node", "-e"]);
    });

    it("are known in a preview setting by setting, although their JSON is not", async () => {
      const { recording } = await make({ image: pulumi.output("later") }, { preview: true });
      const registered = recording.one("macro-ai:components:TaskDefinition").inputs["containers"];
      assert.partialDeepStrictEqual(registered, [
        { name: "api", readonlyRootFilesystem: true, privileged: false },
      ]);
    });

    it("share a directory only when asked to, encrypted on the way and by an access point", async () => {
      const { recording } = await make({
        sharedDirectory: { ...sharedDirectory, path: "/data" },
      });
      const { volumes } = recording.one("aws:ecs/taskDefinition:TaskDefinition").inputs as {
        volumes: unknown[];
      };
      assert.deepEqual(volumes.at(-1), {
        name: "shared",
        efsVolumeConfiguration: {
          fileSystemId: "fs-1",
          transitEncryption: "ENABLED",
          authorizationConfig: { accessPointId: "fsap-1", iam: "ENABLED" },
        },
      });
      assert.deepEqual(statementsOf(recording, "api-task")["UseSharedFiles"], {
        sid: "UseSharedFiles",
        actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        resources: [sharedDirectory.fileSystemArn],
        conditions: {
          StringEquals: { "elasticfilesystem:AccessPointArn": sharedDirectory.accessPointArn },
        },
      });
      const { recording: usual } = await make();
      assert.doesNotMatch(JSON.stringify(usual.resources.map(({ inputs }) => inputs)), /efs/);
    });
  });

  describe("its roles", () => {
    it("are two, each assumed by ECS tasks of this account only", async () => {
      const { recording } = await make();
      assert.deepEqual(recording.names("aws:iam/role:Role"), ["api-execution", "api-task"]);
      for (const role of recording.all("aws:iam/role:Role")) {
        assert.partialDeepStrictEqual(recording.statements(role), [
          {
            principals: { Service: "ecs-tasks.amazonaws.com" },
            conditions: {
              StringEquals: { "aws:SourceAccount": accountId },
              ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${accountId}:*` },
            },
          },
        ]);
      }
    });

    it("let ECS pull from the service's repositories and write to its log group, and nothing else", async () => {
      const { recording } = await make();
      const statements = statementsOf(recording, "api-execution");
      assert.deepEqual(
        Object.entries(statements).map(([sid, { resources }]) => [sid, resources]),
        [
          ["LogInToRegistry", ["*"]],
          ["PullImages", [repositoryArn]],
          ["WriteLogs", [`${logGroup.arn}:*`]],
        ],
      );
    });

    it("let the application read its own secrets and decrypt them through Secrets Manager alone", async () => {
      const { recording } = await make();
      const { ReadSecrets, DecryptSecrets, SignUsersIn } = statementsOf(recording, "api-task");
      assert.deepEqual(ReadSecrets, {
        sid: "ReadSecrets",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [secretArn],
      });
      assert.deepEqual(DecryptSecrets, {
        sid: "DecryptSecrets",
        actions: ["kms:Decrypt"],
        resources: [kmsKeyArn],
        conditions: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
      });
      assert.ok(SignUsersIn);
    });

    it("use a bare * only where AWS knows no resource", async () => {
      const { recording } = await make();
      const starred = ["api-execution", "api-task"].flatMap((role) =>
        Object.values(statementsOf(recording, role))
          .filter(({ resources }) => (resources as string[]).includes("*"))
          .map(({ sid }) => sid),
      );
      assert.deepEqual(starred, ["LogInToRegistry", "WriteTraces", "OpenSessionChannels", "FindSessionLog"]);
    });

    it("allow no sessions unless they are asked for", async () => {
      const { recording } = await makeOf(without(service, "sessions"));
      assert.ok(!("OpenSessionChannels" in statementsOf(recording, "api-task")));
      assert.equal(recording.one("aws:ecs/service:Service").inputs["enableExecuteCommand"], false);
    });
  });

  describe("its deployment", () => {
    it("rolls back on failing tasks and on server errors, and fails the update when it does", async () => {
      const { recording } = await make();
      assert.partialDeepStrictEqual(recording.one("aws:ecs/service:Service").inputs, {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { enable: true, rollback: true, alarmNames: ["api-rollback-1a2b3c4"] },
        deploymentMinimumHealthyPercent: 100,
        healthCheckGracePeriodSeconds: 60,
        waitForSteadyState: true,
      });
      assert.partialDeepStrictEqual(recording.one("MetricAlarm", "api-rollback").inputs, {
        metricName: "HTTPCode_Target_5XX_Count",
        dimensions: {
          LoadBalancer: "app/balancer/0123456789abcdef",
          TargetGroup: "targetgroup/api/0123456789abcdef",
        },
        treatMissingData: "notBreaching",
      });
    });

    it("leaves the number of tasks to autoscaling", async () => {
      const { recording } = await make();
      const ecs = recording.one("aws:ecs/service:Service");
      assert.equal(ecs.inputs["desiredCount"], 2);
      assert.deepEqual(ecs.options.ignoreChanges, ["desiredCount"]);
      assert.partialDeepStrictEqual(recording.one("aws:appautoscaling/target:Target").inputs, {
        minCapacity: 2,
        maxCapacity: 4,
        resourceId: "service/cluster/api-1a2b3c4",
      });
    });

    it("waits for the listener's rule", async () => {
      const { recording } = await make();
      const { dependencies } = recording.one("aws:ecs/service:Service").options;
      assert.ok(dependencies.includes(recording.one("ListenerRule").urn));
    });

    it("keeps the tasks in private subnets, tags them and spreads them over the zones", async () => {
      const { recording } = await make();
      assert.partialDeepStrictEqual(recording.one("aws:ecs/service:Service").inputs, {
        launchType: "FARGATE",
        networkConfiguration: {
          assignPublicIp: false,
          subnets: service.subnetIds,
          securityGroups: ["api-id"],
        },
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
        enableExecuteCommand: true,
        availabilityZoneRebalancing: "ENABLED",
      });
    });

    it("starts no task before its roles may do anything", async () => {
      const { recording } = await make();
      const { dependencies } = recording.one("aws:ecs/taskDefinition:TaskDefinition").options;
      for (const role of ["api-execution", "api-task"]) {
        assert.ok(dependencies.includes(recording.one("RolePolicy", role).urn), role);
      }
    });
  });

  it("scales on CPU and on requests per task", async () => {
    const { recording } = await make();
    const policies = recording.all("aws:appautoscaling/policy:Policy").map(
      ({ inputs }) =>
        inputs["targetTrackingScalingPolicyConfiguration"] as {
          targetValue: number;
          predefinedMetricSpecification: { predefinedMetricType: string; resourceLabel?: string };
        },
    );
    assert.deepEqual(
      policies.map(({ targetValue, predefinedMetricSpecification }) => [
        predefinedMetricSpecification.predefinedMetricType,
        targetValue,
        predefinedMetricSpecification.resourceLabel,
      ]),
      [
        ["ECSServiceAverageCPUUtilization", 60, undefined],
        ["ALBRequestCountPerTarget", 1000, "app/balancer/0123456789abcdef/targetgroup/api/0123456789abcdef"],
      ],
    );
  });

  it("is healthy by the document's numbers", async () => {
    const { recording } = await make();
    const { inputs } = recording.one("TargetGroup");
    assert.equal(inputs["name"], undefined);
    assert.deepEqual(inputs["healthCheck"], {
      path: "/api/health",
      protocol: "HTTP",
      matcher: "200",
      interval: 30,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    });
  });

  it("shares a listener with other services by host, path or both", async () => {
    const { recording } = await make({
      route: { hostNames: ["api.macro-ai.com"], paths: ["/api/*"], priority: 7 },
    });
    assert.partialDeepStrictEqual(recording.one("ListenerRule").inputs, {
      priority: 7,
      conditions: [{ hostHeader: { values: ["api.macro-ai.com"] } }, { pathPattern: { values: ["/api/*"] } }],
    });
  });

  it("opens nothing by itself but HTTPS to the outside, with the reason", async () => {
    const { recording } = await make();
    assert.equal(recording.all("SecurityGroupIngressRule").length, 0);
    assert.partialDeepStrictEqual(recording.one("SecurityGroupEgressRule").inputs, {
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: "API to internet: HTTPS to OpenAI, Cognito and the AWS APIs, whose addresses change",
    });
  });

  it("has the document's alarms with their numbers, and its own", async () => {
    const { result } = await make();
    assert.deepEqual(
      result.alarms().map(({ name, threshold, evaluationPeriods }) => [name, threshold, evaluationPeriods]),
      [
        ["api-5xx-rate", 5, 2],
        ["api-5xx", 10, 2],
        ["api-latency", 3, 3],
        ["api-unhealthy-hosts", 1, 5],
        ["api-running-tasks", 0, 5],
        ["api-cpu", 80, 2],
        ["api-memory", 85, 2],
      ],
    );
    const dimensions = result.alarms().at(-1)?.metric.dimensions ?? {};
    assert.equal(await valueOf(dimensions["ServiceName"] ?? ""), "api-1a2b3c4");
  });

  it("counts as missing what ECS wants or the minimum demands, whichever is more, and takes silence for the worst", async () => {
    const { result } = await make();
    const alarm = result.alarms().find(({ name }) => name === "api-running-tasks");
    assert.equal(alarm?.math?.expression, "IF(desired < 2, 2, desired) - m");
    assert.equal(alarm.metric.metricName, "RunningTaskCount");
    assert.partialDeepStrictEqual(alarm.math.others?.["desired"], {
      namespace: "ECS/ContainerInsights",
      metricName: "DesiredTaskCount",
      periodSeconds: 60,
    });
    assert.equal(alarm.missingData, "breaching");
  });

  it("judges the share of failed requests only where there are enough", async () => {
    const { result } = await make();
    const alarm = result.alarms().find(({ name }) => name === "api-5xx-rate");
    assert.equal(alarm?.math?.expression, "IF(requests >= 100, 100 * FILL(m, 0) / requests, 0)");
    assert.partialDeepStrictEqual(alarm.math.others?.["requests"], {
      metricName: "RequestCount",
      statistic: "Sum",
    });
  });

  it("tells in its rollback alarm, too, where to read on", async () => {
    const runbookUrl = "https://example.com/runbooks";
    const { recording } = await make({ runbookUrl });
    assert.match(
      String(recording.one("MetricAlarm", "api-rollback").inputs["alarmDescription"]),
      / Runbook: https:\/\/example\.com\/runbooks\/deployments\.md#rollback-alarm$/,
    );
  });

  it("tells of its own deployments that ECS has rolled back", async () => {
    const { result } = await make();
    const [event, ...others] = result.events();
    assert.equal(others.length, 0);
    assert.deepEqual(await valueOf(pulumi.output(event?.pattern)), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: ["api-id"],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    });
  });

  it("refuses bad arguments all at once, by their paths", () => {
    assert.deepEqual(
      problemsOf({
        minTasks: 3,
        maxTasks: 2,
        port: 80,
        healthPath: "api/health",
        route: { priority: 0 },
        environment: { "NOT-A-NAME": "1" },
        cpu: 300,
      }),
      ["port", "healthPath", "route", "route.priority", "environment", "maxTasks", "cpu"],
    );
    assert.deepEqual(problemsOf({}, "a-name-that-is-far-too-long"), ["name"]);
  });

  it("knows Fargate's sizes", () => {
    const sizes: [number, number, string[]][] = [
      [256, 512, []],
      [256, 4096, ["memoryMiB"]],
      [512, 1024, []],
      [512, 1536, ["memoryMiB"]],
      [4096, 30_720, []],
      [16_384, 122_880, []],
      [16_384, 40_000, ["memoryMiB"]],
    ];
    for (const [cpu, memoryMiB, expected] of sizes) {
      assert.deepEqual(problemsOf({ cpu, memoryMiB }), expected, `${cpu} and ${memoryMiB}`);
    }
  });
});
