import * as pulumi from "@pulumi/pulumi";

/** Properties that whoever may look at a resource can read, whatever its type. */
const everywhere = ["tags", "description", "comment"];

/** More of them, by type. */
const places: Readonly<Record<string, readonly string[]>> = {
  "aws:apigatewayv2/stage:Stage": ["accessLogSettings", "stageVariables"],
  "aws:cloudfront/function:Function": ["code"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardBody"],
  "aws:cloudwatch/eventTarget:EventTarget": ["inputTransformer"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["alarmDescription"],
  "aws:ec2/instance:Instance": ["userData", "userDataBase64"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["userData"],
  "aws:ecs/taskDefinition:TaskDefinition": ["containerDefinitions"],
  "aws:lambda/function:Function": ["environment"],
  "aws:lambda/invocation:Invocation": ["input", "triggers"],
};

/**
 * Refuses a secret where it can be read in plain, whatever the property or variable is called: the program knows which
 * values are secrets, before anything is sent to the engine. The policy pack looks for them once more, by their values
 * too, in the stack's outputs as well (policies/core/secrets.ts).
 *
 * @throws pulumi.RunError from the registration of the resource
 */
export function keepSecretsOutOfSight(): void {
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const given = props as Record<string, unknown>;
    const open = [...everywhere, ...(places[type] ?? [])].filter((place) => isComputed(given[place]));
    if (open.length === 0) return undefined;
    const guarded = open.map((place) => [place, guard(given[place], `${name} (${type})`, place)]);
    return { props: { ...given, ...(Object.fromEntries(guarded) as object) }, opts };
  });
}

/** Whether there is an output anywhere in it; what is written down in the program is no secret. */
function isComputed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return Object.values(value).some(isComputed);
}

/** The same value, and an error in its stead if it is a secret. */
export function guard(value: unknown, resource: string, place: string): pulumi.Output<unknown> {
  const output = pulumi.output(value);
  return pulumi.output(pulumi.isSecret(output)).apply((found) => {
    if (found)
      throw new pulumi.RunError(
        `${resource}: ${place} holds a secret, and everybody who may look at the resource can read it. Put the value in Secrets Manager, pass its ARN, and read it at run time.`,
      );
    return output;
  });
}
