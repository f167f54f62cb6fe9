import { isKnown } from "../../core/unknown.ts";

/** The parts of a container definition that rules look at. */
export interface Container {
  name?: string;
  privileged?: boolean;
  readonlyRootFilesystem?: boolean;
  environment?: { name?: string; value?: string }[];
}

/** The containers of a task definition; none while its JSON is unknown: the update judges it before it is made. */
export function containersOf(definitions: unknown): Container[] {
  if (!isKnown(definitions) || typeof definitions !== "string") return [];
  const parsed: unknown = JSON.parse(definitions);
  if (!Array.isArray(parsed)) throw new TypeError("containerDefinitions is no JSON list");
  return parsed as Container[];
}
