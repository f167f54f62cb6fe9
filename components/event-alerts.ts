import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import type { EventDefinition } from "./event-definition.ts";
import { broken, throwProblems } from "./problems.ts";
import { withRunbook } from "./runbook.ts";

/** The arguments of {@link EventAlerts}. */
export interface EventAlertsArgs {
  /** Topics by region, each of which lets events.amazonaws.com publish and encrypt: a rule reaches only its own region's. */
  topicArns: Record<string, pulumi.Input<string>>;
  /** The stack's region, where rules lie whose definition names no other. */
  region: string;
  definitions: EventDefinition[];
  /** Where the runbooks can be read, without a trailing slash. @default - their path in this repository */
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
      const region = definition.region ?? args.region;
      const description = withRunbook(definition.description, definition.runbook, args.runbookUrl);
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${definition.name}`,
        { description, eventPattern: pulumi.jsonStringify(definition.pattern), region },
        { parent: this },
      );
      new aws.cloudwatch.EventTarget(
        `${name}-${definition.name}`,
        {
          rule: rule.name,
          arn: args.topicArns[region] ?? "",
          inputTransformer: message(description, definition.words),
          region,
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

/** The template is one JSON string, in which EventBridge fills the gaps. */
function message(description: string, words: EventDefinition["words"]) {
  return {
    inputPaths: {
      time: "$.time",
      account: "$.account",
      region: "$.region",
      ...(words !== undefined && { words }),
    },
    inputTemplate: JSON.stringify(
      `${description} (<time>, account <account>, <region>${words === undefined ? "" : "; AWS says: <words>"})`,
    ),
  };
}

function assertArgs(name: string, { definitions, region, runbookUrl, topicArns }: EventAlertsArgs): void {
  const names = definitions.map((definition) => definition.name);
  throwProblems(
    "EventAlerts",
    name,
    broken(
      definitions.flatMap((definition, index) => {
        const path = `definitions[${index}]`;
        const { length } = withRunbook(definition.description, definition.runbook, runbookUrl);
        const where = definition.region ?? region;
        return [
          {
            path: `${path}.name`,
            holds: names.indexOf(definition.name) === index,
            message: `is "${definition.name}", as another's; each event needs its own`,
          },
          {
            path: `${path}.description`,
            holds: length <= maxDescriptionLength,
            message: `has ${length} characters with its runbook; EventBridge allows ${maxDescriptionLength}`,
          },
          {
            path: `${path}.region`,
            holds: topicArns[where] !== undefined,
            message: `is ${where}, where there is no topic; give topicArns one of that region`,
          },
        ];
      }),
    ),
  );
}
