import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { maintenanceFunction, type MaintenanceArgs, maintenanceProblems } from "./maintenance-function.ts";
import type { Statement } from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { useKey } from "./use-key.ts";

/** A value that only a person can renew. */
export interface RenewedByHand {
  secretArn: pulumi.Input<string>;
  /** The JSON key of the secret: `OPENAI_API_KEY`. */
  field: string;
  /** Days for which one value may be used, 1 to 1000. */
  everyDays: number;
}

/** The arguments of {@link SecretReminder}. */
export interface SecretReminderArgs extends Pick<
  MaintenanceArgs,
  "setting" | "label" | "code" | "timeoutSeconds"
> {
  values: RenewedByHand[];
  /** The key that encrypts the secrets. */
  secretsKeyArn: pulumi.Input<string>;
}

/**
 * Reminds of values that no API can renew: a function that looks once a day how old they are and publishes the days that are
 * left as the metric `DaysLeft`. It reads the secrets and changes nothing. Costs nothing worth telling: a call a day.
 */
export class SecretReminder extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  public readonly roleArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: SecretReminderArgs, opts?: pulumi.ComponentResourceOptions) {
    const functionArgs: MaintenanceArgs = {
      ...args,
      environment: {
        REMINDERS: pulumi.jsonStringify(
          args.values.map(({ secretArn, ...value }) => ({ secretId: secretArn, ...value })),
        ),
      },
      statements: args.values.length === 0 ? [] : statements(args),
    };
    throwProblems("SecretReminder", name, [...maintenanceProblems(name, functionArgs), ...problems(args)]);
    super("macro-ai:components:SecretReminder", name, {}, opts);
    const { lambda, role } = maintenanceFunction(name, functionArgs, { parent: this });
    const rule = new aws.cloudwatch.EventRule(
      name,
      { description: `${args.label}: once a day`, scheduleExpression: "rate(1 day)" },
      { parent: this },
    );
    const permission = new aws.lambda.Permission(
      name,
      {
        function: lambda.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      name,
      { rule: rule.name, arn: lambda.arn },
      { parent: this, dependsOn: permission },
    );
    this.functionName = lambda.name;
    this.roleArn = role.arn;
    this.registerOutputs({ functionName: this.functionName });
  }
}

function statements({ values, secretsKeyArn, setting }: SecretReminderArgs): Statement[] {
  return [
    {
      sid: "ReadSecrets",
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      // Two values of one secret are one ARN.
      resources: [...new Set(values.map(({ secretArn }) => secretArn))],
    },
    useKey("DecryptSecrets", ["kms:Decrypt"], "secretsmanager", {
      kmsKeyArn: secretsKeyArn,
      region: setting.region,
    }),
  ];
}

function problems({ values }: SecretReminderArgs): Problem[] {
  return broken([
    {
      path: "values",
      holds: values.length > 0,
      message: "is empty; name at least one value, or leave the component out",
    },
    ...values.flatMap(({ field, everyDays }, index) => [
      {
        path: `values[${index}].field`,
        holds: field !== "",
        message: "is empty; name the key of the secret that holds the value",
      },
      {
        path: `values[${index}].everyDays`,
        holds: Number.isInteger(everyDays) && everyDays >= 1 && everyDays <= 1000,
        message: `is ${everyDays}; give 1 to 1000`,
      },
    ]),
  ]);
}
