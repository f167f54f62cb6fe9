import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import {
  maintenanceFunction,
  type MaintenanceArgs,
  maintenanceProblems,
  readSecret,
} from "./maintenance-function.ts";
import { throwProblems } from "./problems.ts";

/** A secret to read, and the key that encrypts it. */
export interface KeyedSecret {
  arn: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
}

/** The arguments of {@link DatabaseBootstrap}. */
export interface DatabaseBootstrapArgs extends Pick<
  MaintenanceArgs,
  "setting" | "label" | "code" | "timeoutSeconds"
> {
  network: NonNullable<MaintenanceArgs["network"]>;
  /** What must stand before it is called: the network's routes. @default - nothing beyond its own ways */
  after?: pulumi.Resource[];
  /** Another database is prepared as well: an identifier that changes with it. */
  databaseId: pulumi.Input<string>;
  /** Where the database is; the application's secret may still say another one, after a move. */
  server: { host: pulumi.Input<string>; port: number; databaseName: string };
  /** The application's login, as `username` and `password`; it must have its value. */
  applicationSecret: KeyedSecret;
  /** The master user's. */
  masterSecret: KeyedSecret;
}

/**
 * Prepares a database for its application, as its master user: extensions, roles, rights. A function that the deployment calls
 * itself, once for each database, for each version of the function, and for each application's secret; safe to call again.
 * A failure ends the deployment with the function's own words.
 */
export class DatabaseBootstrap extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly roleArn: pulumi.Output<string>;
  /** What it found and made, as JSON. */
  public readonly result: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: DatabaseBootstrapArgs, opts?: pulumi.ComponentResourceOptions) {
    const { setting, code, applicationSecret, masterSecret, server } = args;
    const functionArgs: MaintenanceArgs = {
      ...args,
      environment: {
        APPLICATION_SECRET_ARN: applicationSecret.arn,
        MASTER_SECRET_ARN: masterSecret.arn,
        DATABASE_HOST: server.host,
        DATABASE_PORT: String(server.port),
        DATABASE_NAME: server.databaseName,
      },
      statements: [
        ...readSecret("ApplicationLogin", applicationSecret, setting.region),
        ...readSecret("MasterLogin", masterSecret, setting.region),
      ],
    };
    throwProblems("DatabaseBootstrap", name, maintenanceProblems(name, functionArgs));
    super("macro-ai:components:DatabaseBootstrap", name, {}, opts);
    const { lambda, role, ways } = maintenanceFunction(name, functionArgs, { parent: this });
    const invocation = new aws.lambda.Invocation(
      name,
      {
        functionName: lambda.name,
        input: "{}",
        triggers: { code: code.hash, database: args.databaseId, secret: applicationSecret.arn },
      },
      { parent: this, dependsOn: [...ways, ...(args.after ?? [])] },
    );
    this.functionName = lambda.name;
    this.roleArn = role.arn;
    this.result = invocation.result;
    this.registerOutputs({ functionName: this.functionName, result: this.result });
  }
}
