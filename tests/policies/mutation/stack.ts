import { typesOf } from "../../../policies/core/rule.ts";
import type { Snapshot } from "../../../policies/core/snapshot.ts";
import { rules } from "../../../policies/rules.ts";
import { unknown } from "../harness.ts";
import { mutantsOf, type Leak, type Mutant } from "./mutants.ts";

/** Every mutant of every resource of a recorded stack. */
export function mutantsOfStack(snapshot: Snapshot): Mutant[] {
  const { preview } = snapshot.occasion;
  const judged = new Set(rules.flatMap(typesOf));
  // In a preview the program's secrets show by the engine's mark alone.
  const leak: Leak = preview ? { value: unknown, by: "mark" } : { value: secretOf(snapshot), by: "value" };
  return (
    snapshot.declared
      // What a component registers comes again in the resources that it makes, as far as it is known then.
      .filter(({ type, custom }) => custom || (preview && judged.has(type)))
      .flatMap((resource) => mutantsOf(resource, leak))
  );
}

/** What one of the program's own random passwords came out as. */
function secretOf({ finished }: Snapshot): string {
  const password = finished.find(({ type }) => type === "random:index/randomPassword:RandomPassword");
  if (!password) throw new Error("The stack has no random password that could leak.");
  return password.outputs["result"] as string;
}
