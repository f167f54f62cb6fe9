import { UserError } from "../../../sandbox/cli/user-error.ts";

/** A rule about what was given, and what to say when it does not hold. */
export type Demand = readonly [holds: boolean, text: string];

/** @throws UserError with every problem */
export function demand(command: string, demands: readonly Demand[]): void {
  const broken = demands.flatMap(([holds, text]) => (holds ? [] : [`  - ${text}`]));
  if (broken.length > 0)
    throw new UserError(`Nothing was changed:\n${broken.join("\n")}\nSee: ${command} --help`);
}

/** What a stack may be called. */
export function isStackName(name: string | undefined): name is string {
  return name !== undefined && /^[\w.-]{1,100}$/.test(name);
}
