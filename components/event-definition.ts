import type * as pulumi from "@pulumi/pulumi";
import type { Runbook } from "./runbook.ts";

/** A value that a field may have, or how it begins. */
export type EventMatch = pulumi.Input<string> | { prefix: pulumi.Input<string> };

/** Fields of an event's detail, each with the values that match, or with fields of its own. */
export interface EventDetail {
  [field: string]: EventMatch[] | EventDetail;
}

/** Which events are meant, in EventBridge's own form (EventBridge User Guide, "Event patterns"). */
export interface EventPattern {
  source: string[];
  "detail-type": string[];
  /** ARNs of what the event is about. @default - any */
  resources?: EventMatch[];
  /** @default - any detail */
  detail?: EventDetail;
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
  /** The heading that tells more. */
  runbook: Runbook;
  pattern: EventPattern;
  /** Where the event has AWS's own words: `$.detail.Message`. @default - nowhere */
  words?: `$.${string}`;
  /** Where AWS publishes the event. @default - the stack's region */
  region?: string;
}
