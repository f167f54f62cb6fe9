import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Paths, sandboxPaths } from "../../../sandbox/cli/paths.ts";
import { StateFiles } from "../../../sandbox/cli/state.ts";
import { readCloud } from "../../../sandbox/cloud/store.ts";
import { type TemporaryProject, temporaryProject } from "./temporary-project.ts";

/** A network of five resources in a component, a database, a secret and a password. */
const program = `
import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const ec2 = require("@pulumi/aws/ec2");
const rds = require("@pulumi/aws/rds");
const secretsmanager = require("@pulumi/aws/secretsmanager");
const random = require("@pulumi/random");

class Network extends pulumi.ComponentResource {
  constructor(name) {
    super("small:components:Network", name);
    const vpc = new ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" }, { parent: this });
    for (let i = 0; i < 4; i++) {
      new ec2.Subnet(name + "-" + i, { vpcId: vpc.id, cidrBlock: "10.0." + i + ".0/24" }, { parent: this });
    }
    this.vpcId = vpc.id;
    this.registerOutputs({ vpcId: vpc.id });
  }
}

const config = new pulumi.Config();
const password = new random.RandomPassword("password", { length: 20, special: false });
new rds.Instance("database", {
  engine: "postgres",
  instanceClass: "db.t4g.micro",
  allocatedStorage: 20,
  backupRetentionPeriod: Number(config.get("retention") ?? 7),
  username: "someone",
  password: password.result,
  skipFinalSnapshot: true,
}, { protect: config.getBoolean("deletionProtection") ?? false });
new secretsmanager.Secret("token", { name: "small/token" });
export const vpcId = new Network("network").vpcId;
export const secretPassword = password.result;
`;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The small program with a sandbox of its own, used through the two commands. */
export class SmallProgram {
  readonly project: TemporaryProject;
  readonly paths: Paths;
  readonly state: StateFiles;

  static async make(): Promise<SmallProgram> {
    return new SmallProgram(
      await temporaryProject({
        "index.ts": program,
        "Pulumi.one.yaml": "# kept\nconfig:\n  small:retention: 7 # days\n",
      }),
    );
  }

  private constructor(project: TemporaryProject) {
    this.project = project;
    this.paths = sandboxPaths({
      project: project.directory,
      directory: join(project.directory, ".sandbox"),
    });
    this.state = new StateFiles(this.paths, "small");
  }

  /** Begins a command. */
  begin(
    command: "start" | "sandbox",
    ...args: readonly string[]
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const driver = join(import.meta.dirname, "driver.ts");
    const child = spawn(process.execPath, [driver, this.project.directory, command, ...args], {
      env: { ...process.env, NO_COLOR: "1", MACRO_AI_SANDBOX: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
      ([stdout, stderr, [code]]) => ({ code: code as number | null, stdout, stderr }),
    );
    return { child, ended };
  }

  run(command: "start" | "sandbox", ...args: readonly string[]): Promise<Ended> {
    return this.begin(command, ...args).ended;
  }

  /** Resolves when the cloud has this many resources, or the command has ended. */
  async untilMade(count: number, child: ChildProcess): Promise<void> {
    const made = () => (existsSync(this.paths.cloud) ? readCloud(this.paths.cloud).length : 0);
    while (child.exitCode === null && made() < count) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** URNs of what is in the cloud and not in the state, or the other way round. */
  async differences(): Promise<string[]> {
    const state = await this.state.read("one");
    const known = new Set(state?.resources.map(({ urn, id }) => `${urn} ${id ?? ""}`));
    const made = new Set(readCloud(this.paths.cloud).map(({ urn, id }) => `${urn} ${id}`));
    const unknown = [...made].filter((resource) => !known.has(resource));
    const missing = [...known].filter((resource) => / aws|::aws:/.test(resource) && !made.has(resource));
    return [
      ...unknown,
      ...missing,
      ...(state?.pending ?? []).map(({ resource }) => `pending ${resource.urn}`),
    ];
  }
}
