import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { checkout, printed, Project, refused, succeeded } from "./harness.ts";

/** What a program must not get past, and by which words its author learns of it. */
interface Broken {
  readonly what: string;
  readonly program: string;
  readonly says: readonly RegExp[];
}

const previews: readonly Broken[] = [
  {
    what: "a misspelt input deep inside another, by the cloud, which names the right one",
    program: `new aws.cloudwatch.MetricAlarm("busy", {
      comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1, threshold: 1,
      metricQueries: [{ id: "m", metric: { metricName: "X", namespace: "Y", period: 60, stat: "Sum", unitt: "Count" } }],
    });`,
    says: [/metricQueries\[0\]\.metric\.unitt/, /unit\b/],
  },
  {
    what: "a missing required input, by the SDK",
    program: `new aws.ec2.Subnet("subnet", { cidrBlock: "10.0.0.0/24" });`,
    says: [/Missing required property 'vpcId'/],
  },
  {
    what: "a missing required input deep inside another, by the cloud",
    program: `new aws.cloudwatch.MetricAlarm("busy", {
      comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1, threshold: 1,
      metricQueries: [{ metric: { metricName: "X", namespace: "Y", period: 60, stat: "Sum" } }],
    });`,
    says: [/metricQueries\[0\] requires "id"/],
  },
  {
    what: "an input of the wrong kind",
    program: `new aws.sqs.Queue("jobs", { delaySeconds: "five" });`,
    says: [/delaySeconds/, /number/],
  },
  {
    what: "a name longer than AWS takes, with the digits that Pulumi adds",
    program: `new aws.lb.TargetGroup("a-target-group-for-the-api", { port: 80, protocol: "HTTP", targetType: "ip", vpcId: "vpc-0a1b2c3d4e5f60718" });`,
    says: [/name 'a-target-group-for-the-api-' plus 7 random chars is longer than maximum length 32/],
  },
  {
    what: "a resource type that the cloud does not have, with how to add it",
    program: `new pulumi.CustomResource("aws:workspaces/workspace:Workspace", "desk", {});`,
    says: [
      /aws:workspaces\/workspace:Workspace is not in the stand-in cloud\. Add it to sandbox\/cloud\/aws\/<service>\.ts and run "npm run schema"\./,
    ],
  },
];

describe("a broken program", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.small("", "ungated");
  });
  after(() => project.remove());

  const preview = () => project.sandbox("preview", "--stack", "one", "--non-interactive");

  // The SDK drops an input that it does not know, so that neither engine nor cloud ever see it.
  it("is refused for a misspelt input, by the compiler", () => {
    const source = `import { Queue } from "@pulumi/aws/sqs/queue.js";\nnew Queue("jobs", { delaySecond: 5 });\n`;
    assert.match(
      compilerErrors(source).join("\n"),
      /'delaySecond' does not exist .* Did you mean .*'delaySeconds'/,
    );
    assert.deepEqual(compilerErrors(source.replace("delaySecond:", "delaySeconds:")), []);
  });

  for (const { what, program, says } of previews) {
    it(`is refused for ${what}`, async () => {
      await project.program(program);
      const ended = refused(await preview());
      for (const words of says) assert.match(printed(ended), words);
    });
  }
});

/** Programs that AWS refuses when it comes to the deed, one after the other in one account. */
describe("a program that the account cannot bear", function () {
  this.timeout(900_000);
  let project: Project;
  beforeEach(async () => {
    project = await Project.small("", "ungated");
  });
  afterEach(() => project.remove());

  const up = async (program: string) => {
    await project.program(program);
    return project.sandbox("up", "--yes", "--skip-preview", "--non-interactive", "--stack", "one");
  };
  const types = () => project.cloud().map(({ type }) => type);

  it("is refused when a name is taken", async () => {
    const ended = refused(
      await up(`
        const one = new aws.secretsmanager.Secret("one", { name: "taken", recoveryWindowInDays: 0 });
        new aws.secretsmanager.Secret("two", { name: "taken", recoveryWindowInDays: 0 }, { dependsOn: one });
      `),
    );
    assert.match(printed(ended), /ResourceExistsException.*taken/);
    assert.equal(project.cloud().length, 1);
    assert.deepEqual(await project.differences("one"), []);
  });

  it("is refused when it deletes a database that is protected in AWS", async () => {
    const database = `new aws.rds.Instance("data", {
      identifier: "data", engine: "postgres", engineVersion: "15", instanceClass: "db.t4g.micro", allocatedStorage: 20,
      username: "someone", manageMasterUserPassword: true, storageEncrypted: true, skipFinalSnapshot: true,
      deletionProtection: true,
    });`;
    succeeded(await up(database));
    assert.match(printed(refused(await up(""))), /deletion protection/i);
    assert.deepEqual(types(), ["aws:rds/instance:Instance"]);
    assert.deepEqual(await project.differences("one"), []);
    succeeded(await up(database.replace("deletionProtection: true", "deletionProtection: false")));
    succeeded(await up(""));
    assert.deepEqual(types(), []);
  });

  it("is refused when it deletes a bucket with objects in it", async () => {
    const bucket = `const files = new aws.s3.Bucket("files", { bucket: "macro-ai-test-files" });`;
    succeeded(
      await up(`${bucket}
        new aws.s3.BucketObjectv2("note", { bucket: files.bucket, key: "note.txt", content: "kept" }, { retainOnDelete: true });
      `),
    );
    assert.match(printed(refused(await up(""))), /BucketNotEmpty/);
    assert.ok(types().includes("aws:s3/bucket:Bucket"));
  });

  it("is refused when a secret's name is still taken by one that was deleted", async () => {
    const secret = (name: string) =>
      `new aws.secretsmanager.Secret("${name}", { name: "/macro-ai/test/keys", recoveryWindowInDays: 7 });`;
    succeeded(await up(secret("one")));
    succeeded(await up(""));
    assert.match(
      printed(refused(await up(secret("two")))),
      /InvalidRequestException.*scheduled for deletion/,
    );
    assert.deepEqual(types(), []);
  });
});

describe("a broken configuration", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.ofCheckout({
      production: {
        "macro-ai:environment": "prod",
        "macro-ai:scale": "enterprise",
        "macro-ai:monthlyBudgt": "10",
        "macro-ai:service": { minTasks: 0 },
      },
    });
  });
  after(() => project.remove());

  it("is refused once for all that is wrong and missing, with the commands that mend it", async () => {
    const ended = refused(await project.sandbox("preview", "--stack", "production", "--non-interactive"));
    const text = printed(ended);
    for (const words of [
      /macro-ai:environment.*"prod"/,
      /development, staging, uat, production, dr/,
      /pulumi config set macro-ai:environment production --stack production/,
      /macro-ai:monthlyBudgt/,
      /macro-ai:monthlyBudget/,
      /macro-ai:domain/,
      /macro-ai:service\.minTasks/,
    ])
      assert.match(text, words);
    assert.doesNotMatch(text, /at .*stacks\/config/, "a stack trace helps nobody here");
    assert.deepEqual(project.cloud(), []);
  });

  it("fails npm start with the same words", async () => {
    const { stdout } = refused(await project.start());
    assert.match(stdout, /✖ production: up failed/);
    assert.match(stdout, /macro-ai:environment/);
  });
});

/** What the compiler says of a program in `stacks/`, with this project's options. */
function compilerErrors(source: string): string[] {
  const { config } = ts.readConfigFile(join(checkout, "tsconfig.json"), (file) =>
    readFileSync(file, "utf8"),
  ) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, checkout);
  const file = join(checkout, "stacks/misspelt.ts");
  const real = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...real,
    fileExists: (name) => name === file || real.fileExists(name),
    getSourceFile: (name, target) =>
      name === file ? ts.createSourceFile(name, source, target) : real.getSourceFile(name, target),
  };
  const program = ts.createProgram([file], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
