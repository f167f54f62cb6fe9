import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { clientOf } from "../rotation/servers/aws-client.ts";
import { COPIED } from "../rotation/servers/postgres.ts";
import { listen } from "../rotation/servers/programs.ts";
import { Aws } from "./aws.ts";
import { type Definition, ElasticContainerService } from "./ecs.ts";
import { type PulumiState, pulumiServer, script } from "./pulumi-stand-in.ts";
import type { Servers } from "./servers.ts";

const checkout = resolve(import.meta.dirname, "../..");
const REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/macro-ai/express-api";
const LOG_GROUP = "/ecs/macro-ai-api";

/** How a command ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  said: string;
}

/** What a deployed environment is for its operations: a database, AWS, Pulumi's stack, an API that answers. */
export class Scenario {
  /** Of the secret with the database's login. */
  secretName = "";
  readonly scale: "enterprise" | "hobby";
  readonly servers: Servers;
  readonly aws: Aws;
  readonly folder: string;
  readonly database: string;
  /** The database's instance at RDS. */
  readonly instance: string;
  /** Where this "machine" keeps its journal; another one is another machine. */
  machine = "one";
  /** Folders of programs, beside the stand-ins of Pulumi and AWS. */
  programs: readonly string[];
  /** What /api/health answers. */
  readonly health = { status: 200, body: { status: "healthy" } as unknown };
  readonly #images = new Map<string, string>();
  readonly #password = `secret ${randomBytes(6).toString("hex")}/?`;
  readonly #children = new Set<ChildProcess>();
  #healthServer = createServer();
  #pulumiServer: Server | undefined;

  private constructor(servers: Servers, scale: "enterprise" | "hobby", folder: string) {
    this.servers = servers;
    this.scale = scale;
    this.folder = folder;
    this.programs = [servers.postgres.programs, process.env["PATH"] ?? ""];
    const suffix = randomBytes(4).toString("hex");
    this.database = `db_${suffix}`;
    this.instance = `database-${suffix}`;
    const ecs = new ElasticContainerService({
      definition: (arn) => this.#definition(arn),
      folder: (image) => this.#images.get(image),
      environment: () => this.#environment(),
      log: (definition, task, said) => this.#log(definition, task, said),
    });
    this.aws = new Aws(servers.motoPort, ecs);
  }

  static async start(servers: Servers, scale: "enterprise" | "hobby"): Promise<Scenario> {
    const scenario = new Scenario(servers, scale, await mkdtemp(join(tmpdir(), "macro-ai-scenario-")));
    await scenario.#start();
    return scenario;
  }

  /** Of the stack that Pulumi has a committed file of. */
  get stack(): string {
    return this.scale === "enterprise" ? "production" : "staging";
  }

  /** Makes an image: the bundle and its migrations. */
  async image(tag: string, migrations: Readonly<Record<string, string>>): Promise<string> {
    const folder = join(this.folder, "images", tag);
    await mkdir(join(folder, "migrations/verify"), { recursive: true });
    await copyFile(this.servers.bundle, join(folder, "migrate-task.mjs"));
    for (const [name, sql] of Object.entries(migrations))
      await writeFile(join(folder, "migrations", name), sql);
    const reference = `${REPOSITORY}:${tag}`;
    this.#images.set(reference, folder);
    if (this.scale === "enterprise") {
      const definition = await this.#register(reference);
      await this.pulumi((state) => (state.definitions[reference] = definition));
    }
    return join(folder, "migrations");
  }

  /** Has the service run an image, as a deployment of before. */
  async runs(tag: string): Promise<void> {
    const reference = `${REPOSITORY}:${tag}`;
    const { definitions } = await this.pulumi((state) => {
      state.config["macro-ai:apiImage"] = { value: tag, secret: false };
    });
    if (this.scale === "hobby") {
      this.aws.lambda.image = reference;
      return;
    }
    this.aws.ecs.deploy(definitions[reference] ?? "");
    const [first] = this.aws.ecs.deployments;
    if (first) this.aws.ecs.deployments = [{ ...first, rolloutState: "COMPLETED", createdAt: 0 }];
  }

  /** What the service runs. */
  async running(): Promise<string | undefined> {
    if (this.scale === "hobby") return this.aws.lambda.image?.split(":").at(-1);
    const { definitions } = await this.pulumi();
    const now = this.aws.ecs.deployments[0]?.taskDefinition;
    return Object.entries(definitions)
      .find(([, definition]) => definition === now)?.[0]
      .split(":")
      .at(-1);
  }

  /** Reads, and perhaps changes, what the stand-in of Pulumi has. */
  async pulumi(change?: (state: PulumiState) => unknown): Promise<PulumiState> {
    const file = join(this.folder, "pulumi.json");
    const state = JSON.parse(await readFile(file, "utf8")) as PulumiState;
    change?.(state);
    if (change) await writeFile(file, JSON.stringify(state));
    return state;
  }

  /** Runs statements in the scenario's database. */
  sql(text: string): Promise<Record<string, unknown>[]> {
    return this.servers.sql(text, this.database);
  }

  /** Tables, columns, indexes and history: what a migration changes. */
  async schema(): Promise<unknown> {
    return {
      columns: await this.sql(
        `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
          AND table_name NOT LIKE 'pgmigrations%' ORDER BY 1, 2`,
      ),
      indexes: await this.sql(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'pgmigrations%' ORDER BY 1",
      ),
      history: await this.sql("SELECT name FROM pgmigrations ORDER BY id"),
    };
  }

  /** Runs one of the project's commands to its end. */
  async run(script: string, ...args: string[]): Promise<Ended> {
    return (await this.begin(script, ...args)).ended;
  }

  /** Starts one of the project's commands. */
  begin(script: string, ...args: string[]): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
    const child = spawn(
      process.execPath,
      [join(checkout, "operations", script), "--stack", this.stack, "--interval", "0.03", ...args],
      {
        cwd: checkout,
        env: {
          ...this.#environment(),
          PATH: [this.folder, ...this.programs].join(":"),
          MACRO_AI_OPERATIONS: join(this.folder, `machine-${this.machine}`),
        },
      },
    );
    this.#children.add(child);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<Ended>((resolve) =>
      child.once("close", (code, signal) => {
        this.#children.delete(child);
        if (said.includes(this.#password) || said.includes(encodeURIComponent(this.#password)))
          throw new Error("The output shows the password.");
        resolve({ code, signal, said });
      }),
    );
    return Promise.resolve({ child, ended });
  }

  async stop(): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    this.#healthServer.closeAllConnections();
    this.#healthServer.close();
    this.#pulumiServer?.close();
    await this.aws.stop();
    await this.servers.sql(`DROP DATABASE IF EXISTS ${this.database} WITH (FORCE)`);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const { postgres } = this.servers;
    await this.aws.start();
    this.#healthServer = createServer((_request, response) => {
      void this.aws
        .interfere("health GET", () =>
          Promise.resolve({ status: this.health.status, body: JSON.stringify(this.health.body) }),
        )
        .then(({ status, body }) =>
          response.writeHead(status, { "content-type": "application/json" }).end(body),
        );
    });
    const healthPort = await listen(this.#healthServer);
    const user = `app_${this.database}`;
    await this.servers.sql(`CREATE ROLE ${user} LOGIN PASSWORD '${this.#password}'`);
    await this.servers.sql(`CREATE DATABASE ${this.database} OWNER ${user} ${COPIED}`);
    const name = `/macro-ai/${this.stack}/${this.database}/database-credentials`;
    this.secretName = name;
    const login = `${user}:${encodeURIComponent(this.#password)}`;
    const secrets = new SecretsManagerClient(clientOf(`http://127.0.0.1:${this.servers.motoPort}`));
    const { ARN = "" } = await secrets.send(
      new CreateSecretCommand({
        Name: name,
        SecretString: JSON.stringify({
          RELATIONAL_DATABASE_URL: `postgresql://${login}@localhost:${postgres.port}/${this.database}?sslmode=verify-full`,
        }),
      }),
    );
    if (this.scale === "enterprise")
      await new RDSClient(clientOf(`http://127.0.0.1:${this.servers.motoPort}`)).send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: this.instance,
          DBInstanceClass: "db.t4g.medium",
          Engine: "postgres",
          MasterUsername: "administrator",
          MasterUserPassword: "of no use here",
          AllocatedStorage: 50,
        }),
      );
    this.#healthPort = healthPort;
    this.#secretArn = ARN;
    const state: PulumiState = {
      export: this.exported(this.scale),
      config: {},
      endpoint: this.aws.endpoint,
      definitions: {},
      repository: REPOSITORY,
      failing: false,
    };
    await writeFile(join(this.folder, "pulumi.json"), JSON.stringify(state));
    const program = join(this.folder, "pulumi");
    this.#pulumiServer = pulumiServer(join(this.folder, "pulumi.json"));
    await writeFile(program, script(await listen(this.#pulumiServer)));
    await chmod(program, 0o700);
  }

  #secretArn = "";
  #healthPort = 0;

  #environment(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      HOME: this.folder,
      AWS_ENDPOINT_URL: this.aws.endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      NODE_COMPILE_CACHE: this.servers.cache,
      NODE_EXTRA_CA_CERTS: this.servers.postgres.caFile,
    };
  }

  async #register(image: string): Promise<string> {
    const { taskDefinition } = await new ECSClient(
      clientOf(`http://127.0.0.1:${this.servers.motoPort}`),
    ).send(
      new RegisterTaskDefinitionCommand({
        family: `macro-ai-${this.database}`,
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        containerDefinitions: [
          {
            name: "api",
            image,
            essential: true,
            environment: [
              {
                name: "SECRET_ARNS",
                value: `arn:aws:secretsmanager:us-east-1:1:secret:/other,${this.#secretArn}`,
              },
            ],
            portMappings: [{ containerPort: 3040 }],
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": LOG_GROUP,
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "api",
                mode: "non-blocking",
                "max-buffer-size": "25m",
              },
            },
          },
          { name: "xray-collector", image: "collector", essential: false },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  async #definition(arn: string): Promise<Definition> {
    const { taskDefinition } = await new ECSClient(
      clientOf(`http://127.0.0.1:${this.servers.motoPort}`),
    ).send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    const [container] = taskDefinition?.containerDefinitions ?? [];
    const log = container?.logConfiguration?.options ?? {};
    return {
      image: container?.image ?? "",
      name: container?.name ?? "",
      command: container?.command ?? [],
      environment: Object.fromEntries(
        (container?.environment ?? []).map(({ name = "", value = "" }) => [name, value]),
      ),
      logGroup: log["awslogs-group"] ?? "",
      logPrefix: log["awslogs-stream-prefix"] ?? "",
    };
  }

  async #log({ logGroup, logPrefix, name }: Definition, task: string, said: string): Promise<void> {
    const logs = new CloudWatchLogsClient(clientOf(`http://127.0.0.1:${this.servers.motoPort}`));
    const logStreamName = `${logPrefix}/${name}/${task}`;
    await logs.send(new CreateLogGroupCommand({ logGroupName: logGroup })).catch(() => undefined);
    await logs.send(new CreateLogStreamCommand({ logGroupName: logGroup, logStreamName }));
    const logEvents = said
      .split("\n")
      .filter((line) => line !== "")
      .map((message) => ({ message, timestamp: Date.now() }));
    await logs.send(new PutLogEventsCommand({ logGroupName: logGroup, logStreamName, logEvents }));
  }

  /** What the stack's export says at a scale, with a database beside it or not. */
  exported(scale: "hobby" | "beside" | "enterprise"): unknown {
    const resource = (type: string, name: string, outputs: unknown, parent = "") => ({
      urn: `urn:pulumi:stack::macro-ai::${parent}${type}::${name}`,
      type,
      outputs,
    });
    const ofDatabase = "macro-ai:components:Database$";
    const log = resource("aws:cloudwatch/logGroup:LogGroup", "database-postgresql", {}, ofDatabase);
    const { cluster, service } = this.aws.ecs;
    return {
      deployment: {
        resources: [
          resource("pulumi:pulumi:Stack", "macro-ai-stack", {
            apiUrl: `http://127.0.0.1:${this.#healthPort}`,
            repositoryUrls: { "macro-ai/client-ui": "other", "macro-ai/express-api": REPOSITORY },
          }),
          resource("aws:secretsmanager/secret:Secret", "secrets-database-credentials", {
            name: this.secretName,
            arn: this.#secretArn,
          }),
          ...(scale === "hobby"
            ? []
            : [
                resource("random:index/randomId:RandomId", "database-name", {}, ofDatabase),
                log,
                {
                  ...resource(
                    "aws:rds/instance:Instance",
                    "database",
                    { identifier: this.instance, address: "database.example" },
                    ofDatabase,
                  ),
                  dependencies: [log.urn],
                },
              ]),
          ...(scale === "enterprise"
            ? [
                resource("aws:ecs/service:Service", "api", { cluster, name: service }),
                resource("aws:rds/proxy:Proxy", "proxy", { endpoint: "localhost" }),
                resource("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
                  primaryEndpointAddress: "cache.example",
                  replicationGroupId: "cache-1",
                }),
                resource("aws:lambda/function:Function", "bootstrap", { name: "bootstrap-1" }),
              ]
            : [resource("aws:lambda/function:Function", "api", { name: "api-42b2bbd" })]),
        ],
      },
    };
  }
}
