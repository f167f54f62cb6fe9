import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { logGroup, retentionProblems } from "./log-group.ts";
import { throwProblems } from "./problems.ts";

/** The arguments of {@link Cluster}. */
export interface ClusterArgs {
  /** Encrypts interactive sessions and their logs. */
  kmsKeyArn: pulumi.Input<string>;
  /** Days for which the sessions' logs are kept. */
  logRetentionDays: number;
  /** How closely Container Insights looks: down to the single container, or to the service. @default "enhanced" */
  insights?: "enhanced" | "enabled";
}

/**
 * An ECS cluster for Fargate whose interactive sessions (ECS Exec) are encrypted and logged. The cluster is free;
 * Container Insights costs USD 0.07 a month for each metric it observes, some dozens per service. A new name replaces it
 * with all its services.
 */
export class Cluster extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  public readonly clusterName: pulumi.Output<string>;
  /** Where sessions are logged: a task that allows them needs to write to it. */
  public readonly sessionLogGroupArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Cluster", name, retentionProblems("logRetentionDays", args.logRetentionDays));
    super("macro-ai:components:Cluster", name, {}, opts);
    const sessions = logGroup(
      `${name}-sessions`,
      { retentionDays: args.logRetentionDays, kmsKeyArn: args.kmsKeyArn },
      { parent: this },
    );
    const cluster = new aws.ecs.Cluster(
      name,
      {
        settings: [{ name: "containerInsights", value: args.insights ?? "enhanced" }],
        configuration: {
          executeCommandConfiguration: {
            kmsKeyId: args.kmsKeyArn,
            logging: "OVERRIDE",
            logConfiguration: {
              cloudWatchEncryptionEnabled: true,
              cloudWatchLogGroupName: sessions.name,
            },
          },
        },
      },
      { parent: this },
    );
    this.arn = cluster.arn;
    this.clusterName = cluster.name;
    this.sessionLogGroupArn = sessions.arn;
    this.registerOutputs({ arn: this.arn, clusterName: this.clusterName });
  }
}
