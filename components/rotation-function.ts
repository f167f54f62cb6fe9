import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { maintenanceFunction, type MaintenanceArgs, maintenanceProblems } from "./maintenance-function.ts";
import type { Statement } from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { useKey } from "./use-key.ts";

/** When a secret is rotated. */
export interface RotationSchedule {
  /** From one rotation to the next, 1 to 1000. */
  days: number;
  /** Hours from midnight UTC within which Secrets Manager begins, 1 to 24. */
  windowHours: number;
}

/** The arguments of {@link RotationFunction}. */
export interface RotationFunctionArgs extends MaintenanceArgs {
  /** The one secret that it rotates; it must have a value. */
  secretArn: pulumi.Input<string>;
  /** The key that encrypts the secret. */
  secretKeyArn: pulumi.Input<string>;
  schedule: RotationSchedule;
  /** What must stand before Secrets Manager first tries the function. @default - nothing beyond its own ways */
  after?: pulumi.Resource[];
}

/**
 * Rotates one secret by schedule: a function for this secret alone, which nobody but Secrets Manager may call, and only for
 * this secret. Nothing is rotated when it is made: Secrets Manager only tries the step that tests the current value.
 *
 * Costs nothing beyond the function's few seconds; a new secret replaces permission and schedule.
 */
export class RotationFunction extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly functionArn: pulumi.Output<string>;
  public readonly roleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: RotationFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("RotationFunction", name, problems(name, args));
    super("macro-ai:components:RotationFunction", name, {}, opts);
    const { lambda, role, ways } = maintenanceFunction(
      name,
      { ...args, statements: [...secretStatements(args), ...args.statements] },
      { parent: this },
    );
    const permission = new aws.lambda.Permission(
      name,
      {
        function: lambda.name,
        action: "lambda:InvokeFunction",
        principal: "secretsmanager.amazonaws.com",
        sourceAccount: args.setting.accountId,
        sourceArn: args.secretArn,
      },
      { parent: this },
    );
    new aws.secretsmanager.SecretRotation(
      name,
      {
        secretId: args.secretArn,
        rotationLambdaArn: lambda.arn,
        rotateImmediately: false,
        rotationRules: {
          automaticallyAfterDays: args.schedule.days,
          duration: `${args.schedule.windowHours}h`,
        },
      },
      { parent: this, dependsOn: [permission, ...ways, ...(args.after ?? [])] },
    );
    this.functionName = lambda.name;
    this.functionArn = lambda.arn;
    this.roleArn = role.arn;
    this.registerOutputs({ functionName: this.functionName });
  }
}

/** What the four steps need (Secrets Manager User Guide, "Lambda rotation function execution role permissions"). */
function secretStatements({ secretArn, secretKeyArn, setting }: RotationFunctionArgs): Statement[] {
  return [
    {
      sid: "RotateSecret",
      actions: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      resources: [secretArn],
    },
    useKey("UseSecretsKey", ["kms:Decrypt", "kms:GenerateDataKey"], "secretsmanager", {
      kmsKeyArn: secretKeyArn,
      region: setting.region,
    }),
  ];
}

/** Source: Secrets Manager API reference, RotationRulesType. */
function problems(name: string, args: RotationFunctionArgs): Problem[] {
  const { days, windowHours } = args.schedule;
  return [
    ...maintenanceProblems(name, args),
    ...broken([
      {
        path: "schedule.days",
        holds: Number.isInteger(days) && days >= 1 && days <= 1000,
        message: `is ${days}; Secrets Manager allows 1 to 1000`,
      },
      {
        path: "schedule.windowHours",
        holds: Number.isInteger(windowHours) && windowHours >= 1 && windowHours <= 24,
        message: `is ${windowHours}; give 1 to 24`,
      },
    ]),
  ];
}
