import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";

/** The arguments of {@link runningRevision}. */
export interface RunningRevisionArgs {
  /** What the service is called in an error: "API". */
  label: string;
  clusterArn: pulumi.Input<string>;
  /** The ARN of the task definition that should run. */
  expectedArn: pulumi.Input<string>;
  /** The service, so that the question comes after its deployment. */
  service: awsTypes.ecs.Service;
}

/**
 * Asks ECS which task definition a service runs and fails the update when it is another one. The provider fails the
 * update in which ECS rolls a deployment back, but records the wanted revision all the same, so that the next update
 * sees nothing to do and would succeed while the old version runs. Asks nothing in a preview.
 *
 * @throws pulumi.RunError that names both revisions and the way out
 */
export function runningRevision(args: RunningRevisionArgs): pulumi.Output<string> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(args.expectedArn);
  const found = aws.ecs.getServiceOutput(
    { clusterArn: args.clusterArn, serviceName: args.service.name },
    { dependsOn: [args.service] },
  );
  return pulumi.all([found.taskDefinition, args.expectedArn]).apply(([running, expected]) => {
    if (running === expected) return running;
    throw new pulumi.RunError(
      `${args.label}: ECS runs ${running}, not ${expected}: it has rolled that deployment back, or somebody has deployed by hand. ` +
        "Read the stopped tasks' reasons and their log, mend the image or the configuration, then run: pulumi up --refresh",
    );
  });
}
