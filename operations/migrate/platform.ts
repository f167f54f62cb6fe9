import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "../lib/aws.ts";
import {
  type EnterprisePlatform,
  type Environment,
  environmentOf,
  type HobbyPlatform,
  imageReference,
} from "../lib/environment.ts";
import { toolProblems } from "../lib/postgres-tools.ts";
import type { Pulumi } from "../lib/pulumi.ts";
import type { Patience } from "../lib/wait.ts";
import { direct } from "./database/direct.ts";
import { takeDump } from "./dump.ts";
import { oneOff } from "./one-off.ts";
import type { DatabasePort } from "./port.ts";
import { restartFunction } from "./restart-function.ts";
import { restartService } from "./restart.ts";
import type { Run } from "./run.ts";
import { closeRun, openRun, type Outcome, snapshotName, takeSnapshot } from "./snapshots.ts";

/** What differs between the scales. */
export interface Platform {
  /** What the plan says of the scale's own steps. */
  words: { snapshot: (run: Run) => string; database: string; restart: string; undo: (run: Run) => string };
  /** What is missing on this machine. */
  lacks(): Promise<string[]>;
  snapshot(run: Run): Promise<string>;
  database(run: Run): DatabasePort;
  /** @param image undefined: the same, started anew; @param since what counts as anew */
  restart(image: string | undefined, since: Date): Promise<string>;
  /** A run of another machine that is not over. */
  openElsewhere(): Promise<Run | undefined>;
  close(run: Run, outcome: Outcome): Promise<void>;
}

/** What a platform is made of. */
export interface PlatformOptions {
  environment: Environment;
  pulumi: Pulumi;
  patience: Patience;
  /** Where dumps go. */
  folder: string;
  /** The migrations; only at hobby. */
  migrations: string;
}

export function platformOf(options: PlatformOptions): Platform {
  const { platform } = options.environment;
  return platform.scale === "enterprise" ? enterprise(options, platform) : hobby(options, platform);
}

function enterprise(
  { environment, pulumi, patience }: PlatformOptions,
  platform: EnterprisePlatform,
): Platform {
  const { region, stack } = environment;
  const ecs = new ECSClient(clientOptions(region));
  const rds = new RDSClient(clientOptions(region));
  const logs = new CloudWatchLogsClient(clientOptions(region));
  const reference = (image: string | undefined) =>
    image === undefined ? undefined : imageReference(environment, image);
  return {
    words: {
      snapshot: (run) => `RDS makes ${snapshotName(platform.database, run)}, tagged with the run`,
      database: "a one-off task of the service's own definition, in its network",
      restart: `ECS replaces the tasks of ${platform.service}`,
      undo: (run) => `npm run restore -- --stack ${stack} --to ${snapshotName(platform.database, run)}`,
    },
    lacks: () => Promise.resolve([]),
    snapshot: (run) => takeSnapshot(rds, platform.database, run, patience),
    database: (run) => oneOff({ ecs, logs, environment, platform, image: run.image, run: run.id, patience }),
    restart: (image, since) =>
      restartService(ecs, platform, { image: reference(image), since }, () => pulumi.up(), patience),
    openElsewhere: () => openRun(rds, platform.database),
    close: (run, outcome) => closeRun(rds, platform.database, run, outcome),
  };
}

function hobby(options: PlatformOptions, platform: HobbyPlatform): Platform {
  const { environment, pulumi, patience, folder, migrations } = options;
  const { region, databaseSecret, stack } = environment;
  const lambda = new LambdaClient(clientOptions(region));
  const secrets = new SecretsManagerClient(clientOptions(region));
  const deploy = async (): Promise<string> => {
    await pulumi.up();
    const { platform: now } = environmentOf(stack, await pulumi.export());
    return now.scale === "hobby" ? now.functionName : platform.functionName;
  };
  return {
    words: {
      snapshot: (run) => `pg_dump writes ${folder}/${run.id}.dump`,
      database: "directly from here",
      restart: `Lambda starts ${platform.functionName} anew`,
      undo: (run) =>
        `pg_restore --clean --if-exists --no-owner --single-transaction --dbname=URL ${folder}/${run.id}.dump`,
    },
    lacks: () => toolProblems(["pg_dump"]),
    snapshot: (run) => takeDump(secrets, databaseSecret, folder, run, patience.signal),
    database: () => direct(secrets, databaseSecret, migrations, patience.signal),
    restart: (image, since) =>
      restartFunction(
        lambda,
        platform.functionName,
        { image: image === undefined ? undefined : imageReference(environment, image), since },
        deploy,
        patience,
      ),
    // The dump lies on the machine that made it, and so does the journal: elsewhere a new run finds what is done already.
    openElsewhere: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}
