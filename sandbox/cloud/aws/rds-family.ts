import type { World } from "../rule.ts";
import { text } from "./shapes.ts";

export const PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup";

/** The major version, e.g. 15 of 15.14. */
export function majorOf(version: string): string {
  return version.split(".")[0] ?? "";
}

/** What AWS says where the parameter group is known and serves another family than `wanted`, e.g. postgres15. */
export function refuseOtherFamily(world: World, group: string, wanted: string): string | undefined {
  const family = text(world.get(PARAMETER_GROUP, group)?.inputs ?? {}, "family");
  return family === "" || family === wanted
    ? undefined
    : `InvalidParameterCombination: The parameter group ${group} with DBParameterGroupFamily ${family} can't be used for this instance. Please use a parameter group with DBParameterGroupFamily ${wanted}.`;
}
