import { type Environment, environmentTraits, liveEnvironments, type Scale } from "../environments.ts";
import type { Settings } from "./schema.ts";

/** Which optional parts the stack has. */
export type Features = Readonly<Required<Settings["features"]>>;

/** What keys are that were not set, where that follows from environment and scale. */
export interface DerivedDefaults {
  readonly monthlyBudget: number;
  readonly deletionProtection: boolean;
  readonly features: Features;
}

export function defaultsOf(environment: Environment, scale: Scale): DerivedDefaults {
  const traits = environmentTraits[environment];
  const isEnterprise = scale === "enterprise";
  return {
    monthlyBudget: traits.monthlyBudget[scale],
    deletionProtection: traits.deletionProtection,
    features: {
      // A web ACL alone costs more than a hobby stack may.
      firewall: isEnterprise,
      tracing: true,
      // One trail watches a whole account.
      auditTrail: environment === "production",
      // It is nearly half of the GBP 5 that the others may cost at hobby scale; an account's first three are free.
      dashboard: isEnterprise || liveEnvironments.includes(environment),
    },
  };
}
