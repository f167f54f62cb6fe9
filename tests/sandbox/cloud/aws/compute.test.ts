import assert from "node:assert/strict";
import { Account } from "./account.ts";
import type { Made } from "./account.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SERVICE = "aws:ecs/service:Service";
const FUNCTION = "aws:lambda/function:Function";

const ROLE = "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/linked";

const task = {
  family: "api",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "512",
  memory: "1024",
  executionRoleArn: ROLE,
  containerDefinitions: JSON.stringify([
    { name: "api", image: "x", portMappings: [{ containerPort: 3040 }] },
  ]),
};

const targets = { port: 3040, protocol: "HTTP", targetType: "ip" };

describe("compute in the stand-in cloud", () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });

  afterEach(() => account.close());

  async function network(): Promise<{ vpc: Made; subnetIds: string[] }> {
    const vpc = await account.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    const subnetIds: string[] = [];
    for (const zone of ["a", "b"]) {
      const cidrBlock = `10.0.${subnetIds.length}.0/24`;
      const inputs = { vpcId: vpc.id, cidrBlock, availabilityZone: `us-east-1${zone}` };
      subnetIds.push((await account.make("aws:ec2/subnet:Subnet", inputs, zone)).id);
    }
    return { vpc, subnetIds };
  }

  async function balancer(): Promise<{ made: Made; vpc: Made; subnetIds: string[] }> {
    const { vpc, subnetIds } = await network();
    await account.make("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id });
    return { made: await account.make(BALANCER, { subnets: subnetIds }, "api"), vpc, subnetIds };
  }

  it("forms a balancer's ARN, suffix and name in DNS", async () => {
    const { made } = await balancer();
    assert.match(
      made.id,
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/app\/api-[0-9a-f]{7}\/[0-9a-f]{16}$/,
    );
    assert.match(String(made.state["arnSuffix"]), /^app\/api-[0-9a-f]{7}\/[0-9a-f]{16}$/);
    assert.match(String(made.state["dnsName"]), /^api-[0-9a-f]{7}-\d+\.us-east-1\.elb\.amazonaws\.com$/);
    assert.equal(made.state["zoneId"], "Z35SXDOTRQ7X7K");
  });

  it("limits the names of balancers and target groups to 32 characters, invented ones too", () => {
    assert.match(
      account.problems(BALANCER, { subnets: ["a", "b"] }, "a".repeat(25)).join(),
      /longer than maximum length 32/,
    );
    assert.match(
      account.problems(BALANCER, { subnets: ["a", "b"], name: "internal-api" }).join(),
      /not beginning with "internal-"/,
    );
    assert.match(
      account.problems(TARGETS, { ...targets, vpcId: "v", name: "a".repeat(33) }).join(),
      /AWS allows 1 to 32/,
    );
  });

  it("wants two zones and a way to the internet", async () => {
    const { subnetIds } = await network();
    await assert.rejects(
      account.make(BALANCER, { subnets: [subnetIds[0], subnetIds[0]] }),
      /two different Availability Zones/,
    );
    await assert.rejects(account.make(BALANCER, { subnets: subnetIds }), /has no internet gateway/);
    await account.make(BALANCER, { subnets: subnetIds, internal: true });
  });

  it("wants the logs' bucket to admit them, and protects a balancer that is to be protected", async () => {
    const { subnetIds } = await balancer();
    const bucket = await account.make("aws:s3/bucket:Bucket", {}, "logs");
    const logged = {
      subnets: subnetIds,
      enableDeletionProtection: true,
      accessLogs: { bucket: bucket.id, enabled: true },
    };
    await assert.rejects(account.make(BALANCER, logged, "logged"), /Access Denied for bucket/);
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:PutObject" }],
    };
    await account.make("aws:s3/bucketPolicy:BucketPolicy", {
      bucket: bucket.id,
      policy: JSON.stringify(policy),
    });
    const made = await account.make(BALANCER, logged, "logged");
    await assert.rejects(account.remove(made), /deletion protection is enabled/);
  });

  it("wants a certificate that is issued and a policy for HTTPS", async () => {
    const { made, vpc } = await balancer();
    const group = await account.make(TARGETS, { ...targets, vpcId: vpc.id });
    const listener = {
      loadBalancerArn: made.id,
      port: 443,
      protocol: "HTTPS",
      defaultActions: [{ type: "forward", targetGroupArn: group.id }],
    };
    assert.deepEqual(account.problems(LISTENER, listener), [
      "certificateArn: is required for HTTPS and TLS",
      "sslPolicy: is required for HTTPS and TLS",
    ]);
    const certificate = await account.make("aws:acm/certificate:Certificate", {
      domainName: "macro-ai.com",
      subjectAlternativeNames: ["*.macro-ai.com"],
      validationMethod: "DNS",
    });
    const options = certificate.state["domainValidationOptions"] as Record<string, string>[];
    assert.deepEqual(
      options.map(({ domainName }) => domainName),
      ["macro-ai.com", "*.macro-ai.com"],
    );
    assert.equal(options[0]?.["resourceRecordName"], options[1]?.["resourceRecordName"]);
    const secure = {
      ...listener,
      certificateArn: certificate.id,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    };
    await assert.rejects(account.make(LISTENER, secure), /UnsupportedCertificate/);
    const validation = { certificateArn: certificate.id };
    const type = "aws:acm/certificateValidation:CertificateValidation";
    await assert.rejects(account.make(type, validation), /missing _\w+\.macro-ai\.com DNS validation record/);
    await account.make("aws:route53/record:Record", {
      zoneId: "Z0123456789ABCDEFGHIJ",
      name: options[0]?.["resourceRecordName"],
      type: "CNAME",
      ttl: 60,
      records: [options[0]?.["resourceRecordValue"]],
    });
    await account.make(type, validation);
    await account.make(LISTENER, secure);
    await assert.rejects(account.make(LISTENER, secure, "again"), /DuplicateListener/);
    await assert.rejects(account.remove(group), /ResourceInUse/);
    await assert.rejects(account.remove(certificate), /ResourceInUseException/);
  });

  it("keeps health checks within their ranges", () => {
    const healthCheck = { path: "api/health", interval: 5, timeout: 5, healthyThreshold: 1, matcher: "2xx" };
    assert.deepEqual(account.problems(TARGETS, { ...targets, vpcId: "v", healthCheck }), [
      "healthCheck.healthyThreshold: expected a whole number from 2 to 10, got 1",
      'healthCheck.matcher: expected status codes such as 200, 200,202 or 200-299, got "2xx"',
      'healthCheck.path: expected a path that begins with /, at most 1024 characters, got "api/health"',
      "healthCheck.timeout: expected less than the interval (5 s), got 5",
    ]);
  });

  it("knows Fargate's sizes", () => {
    assert.deepEqual(account.problems(TASK, { ...task, memory: "8192" }), [
      "memory: expected 1024 to 4096 MiB in steps of 1024 with cpu 512, got 8192",
    ]);
    assert.match(
      account.problems(TASK, { ...task, cpu: "300" }).join(),
      /cpu: expected one of 256, 512, 1024/,
    );
    assert.deepEqual(account.problems(TASK, { ...task, networkMode: "bridge" }), [
      "networkMode: must be awsvpc for Fargate",
    ]);
  });

  it("counts the revisions of a task definition upwards, also after one is deregistered", async () => {
    const first = await account.make(TASK, task, "one");
    assert.equal(first.state["arn"], "arn:aws:ecs:us-east-1:123456789012:task-definition/api:1");
    const second = await account.make(TASK, task, "two");
    assert.equal(second.state["revision"], 2);
    await account.remove(second);
    assert.equal((await account.make(TASK, task, "three")).state["revision"], 3);
  });

  it("starts a service only behind a listener and on a port that its task has", async () => {
    const { made, vpc, subnetIds } = await balancer();
    const group = await account.make(TARGETS, { ...targets, vpcId: vpc.id });
    const definition = await account.make(TASK, task);
    const service = (containerPort: number) => ({
      taskDefinition: definition.state["arn"],
      launchType: "FARGATE",
      networkConfiguration: { subnets: subnetIds },
      loadBalancers: [{ targetGroupArn: group.id, containerName: "api", containerPort }],
    });
    await assert.rejects(account.make(SERVICE, service(3040)), /does not have an associated load balancer/);
    await account.make(LISTENER, {
      loadBalancerArn: made.id,
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", targetGroupArn: group.id }],
    });
    await assert.rejects(account.make(SERVICE, service(80)), /did not have a container port 80 defined/);
    const running = await account.make(SERVICE, service(3040), "api");
    assert.match(running.id, /^arn:aws:ecs:us-east-1:123456789012:service\/default\/api-[0-9a-f]{7}$/);
  });

  it("creates functions of living runtimes only, with memory and variables as Lambda takes them", () => {
    const fn = { role: ROLE, handler: "index.handler", runtime: "nodejs24.x", s3Bucket: "b", s3Key: "k" };
    assert.deepEqual(account.problems(FUNCTION, fn), []);
    assert.match(
      account.problems(FUNCTION, { ...fn, runtime: "nodejs20.x" }).join(),
      /runtime: expected a runtime in which functions can still be created/,
    );
    assert.deepEqual(
      account.problems(FUNCTION, { ...fn, memorySize: 64, environment: { variables: { AWS_REGION: "x" } } }),
      [
        "memorySize: expected a whole number from 128 to 10240, got 64",
        'environment.variables["AWS_REGION"]: is reserved: Lambda sets it itself',
      ],
    );
    const image = { role: ROLE, packageType: "Image", imageUri: "docker.io/library/nginx:latest" };
    assert.match(account.problems(FUNCTION, image).join(), /imageUri: expected an image in Amazon ECR/);
    assert.match(account.problems(FUNCTION, fn, "a".repeat(57)).join(), /longer than maximum length 64/);
  });

  it("makes a function only with a role that may place it in its VPC and send its dead letters", async () => {
    const trust = {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    };
    const role = await account.make("aws:iam/role:Role", { assumeRolePolicy: trust });
    const queue = await account.make("aws:sqs/queue:Queue", {});
    const { vpc, subnetIds } = await network();
    const group = await account.make("aws:ec2/securityGroup:SecurityGroup", {
      vpcId: vpc.id,
      description: "x",
    });
    const fn = {
      ...{
        role: role.state["arn"],
        runtime: "nodejs24.x",
        handler: "index.handler",
        s3Bucket: "b",
        s3Key: "k",
      },
      vpcConfig: { subnetIds, securityGroupIds: [group.id] },
      deadLetterConfig: { targetArn: queue.state["arn"] },
    };
    const allow = (name: string, ...actions: string[]) =>
      account.make(
        "aws:iam/rolePolicy:RolePolicy",
        {
          role: role.state["name"],
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
          }),
        },
        name,
      );
    await assert.rejects(account.make(FUNCTION, fn), /permissions to call CreateNetworkInterface on EC2/);
    await allow("network", "ec2:CreateNetworkInterface");
    await assert.rejects(account.make(FUNCTION, fn), /permissions to call SendMessage on SQS/);
    await allow("letters", "sqs:*");
    await account.make(FUNCTION, fn);
  });
});
