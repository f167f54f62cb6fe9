import { closest } from "./nearest.ts";
import regions from "./regions.generated.json" with { type: "json" };

/** Where a stack lies that does not say where. Pulumi.yaml gives it to the provider as well. */
export const defaultRegion = "us-east-1";

/** E.g. `ap-southeast-2`, `us-gov-west-1`. */
export const regionForm = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;

const known: ReadonlySet<string> = new Set(regions);

/** China, GovCloud, the European Sovereign Cloud and the intelligence services' clouds: accounts and ARNs of their own. */
const elsewhere = /^(?:cn|us-gov|us-iso\w*|eu-isoe|eusc)-/;

/** Why a well-formed name cannot be the stack's region; undefined when it can. The list is the SDK's. */
export function regionObjection(name: string): string | undefined {
  if (!known.has(name)) return "AWS has no region of that name";
  return elsewhere.test(name)
    ? "it lies in a partition of its own, without what this project is made of"
    : undefined;
}

/** The region that a misspelt one most probably meant. */
export function closestRegion(wrong: string): string {
  return (
    closest(
      wrong,
      regions.filter((name) => !elsewhere.test(name)),
    ) ?? defaultRegion
  );
}
