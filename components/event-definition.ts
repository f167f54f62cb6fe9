import type * as pulumi from "@pulumi/pulumi";

/** Which events are meant, in EventBridge's own form (EventBridge User Guide, "Event patterns"). */
export interface EventPattern {
  source: string[];
  "detail-type": string[];
  /** Fields of the event's detail, each with the values that match. @default - any detail */
  detail?: Record<string, pulumi.Input<string>[]>;
}

/**
 * One kind of event as data, beside {@link AlarmDefinition}: what AWS tells once, where no metric would show it. A
 * component says which events of its resources deserve a message; `EventAlerts` passes them on.
 */
export interface EventDefinition {
  /** Names the rule below its component, in kebab case: `database-failover`. */
  name: string;
  /** What has happened and what to do. */
  description: string;
  pattern: EventPattern;
}
