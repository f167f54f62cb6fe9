import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import type { EventDefinition } from "./event-definition.ts";
import { broken, throwProblems } from "./problems.ts";

/** The arguments of {@link EventAlerts}. */
export interface EventAlertsArgs {
  /** A topic that lets events.amazonaws.com publish, with a key that lets it encrypt. */
  topicArn: pulumi.Input<string>;
  definitions: EventDefinition[];
  /** A page with one heading per event name; each message links to its own. @default - no link */
  runbookUrl?: string;
}

/** The most that EventBridge takes for a rule's description. */
const maxDescriptionLength = 512;

/**
 * Passes events of AWS services on to the alarms' topic: one EventBridge rule for each definition, whose message says in a
 * sentence what has happened and what to do. Free: AWS charges nothing for its own services' events. A change of a pattern or
 * of a description updates the rule in place.
 */
export class EventAlerts extends pulumi.ComponentResource {
  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: EventAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArgs(name, args);
    super("macro-ai:components:EventAlerts", name, {}, opts);
    for (const definition of args.definitions) {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${definition.name}`,
        {
          description: definition.description,
          eventPattern: pulumi.jsonStringify(definition.pattern),
        },
        { parent: this },
      );
      new aws.cloudwatch.EventTarget(
        `${name}-${definition.name}`,
        { rule: rule.name, arn: args.topicArn, inputTransformer: message(definition, args.runbookUrl) },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

/** The template is one JSON string, in which EventBridge fills the gaps. */
function message({ name, description }: EventDefinition, runbookUrl: string | undefined) {
  const link = runbookUrl === undefined ? "" : ` Runbook: ${runbookUrl}#${name}`;
  return {
    inputPaths: { time: "$.time", account: "$.account", region: "$.region", message: "$.detail.Message" },
    inputTemplate: JSON.stringify(
      `${description}${link} (<time>, account <account>, <region>; AWS says: <message>)`,
    ),
  };
}

function assertArgs(name: string, { definitions }: EventAlertsArgs): void {
  const names = definitions.map((definition) => definition.name);
  throwProblems(
    "EventAlerts",
    name,
    broken(
      definitions.flatMap((definition, index) => [
        {
          path: `definitions[${index}].name`,
          holds: names.indexOf(definition.name) === index,
          message: `is "${definition.name}", as another's; each event needs its own`,
        },
        {
          path: `definitions[${index}].description`,
          holds: definition.description.length <= maxDescriptionLength,
          message: `has ${definition.description.length} characters; EventBridge allows ${maxDescriptionLength}`,
        },
      ]),
    ),
  );
}
