import { fromResource } from "./evidence.ts";
import type { Settings } from "./configuration.ts";
import { isChildOf } from "./graph.ts";
import type { Check, Finding } from "./rule.ts";
import { elements, isKnown, isUnread } from "./unknown.ts";

/** The component by which a program registers a task's containers as known data. */
const TASK_COMPONENT = "macro-ai:components:TaskDefinition";
export const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** The parts of a container definition that rules look at. */
export interface Container {
  name?: unknown;
  privileged?: unknown;
  readonlyRootFilesystem?: unknown;
  user?: unknown;
  environment?: unknown;
  logConfiguration?: unknown;
}

/** A check on every container of a task, registered as data or in JSON. */
export function containerCheck(
  judge: (container: Container, path: string, settings: Settings) => Finding[],
): Check[] {
  return [
    {
      types: [TASK_COMPONENT],
      evidence: fromResource,
      run: ({ containers }, _, settings) =>
        elements(containers as Container[] | undefined).flatMap((container, index) =>
          isKnown<unknown>(container) ? judge(container, `containers[${index}]`, settings) : [],
        ),
    },
    {
      types: [TASK_DEFINITION],
      run: (inputs, { urn }, settings) =>
        isChildOf(urn, TASK_COMPONENT) && isUnread(inputs, "containerDefinitions")
          ? []
          : containersOf(inputs["containerDefinitions"]).flatMap((container, index) =>
              judge(container, `containerDefinitions[${index}]`, settings),
            ),
    },
  ];
}

/** The containers of a task definition; none while its JSON is unknown: the update judges it before it is made. */
function containersOf(definitions: unknown): Container[] {
  if (typeof definitions !== "string") return [];
  const parsed: unknown = JSON.parse(definitions);
  if (!Array.isArray(parsed)) throw new TypeError("containerDefinitions is no JSON list");
  return parsed as Container[];
}
