/** What the pack loads and makes before it serves. */
import { toPolicies } from "../policies/core/pack.ts";
import { rules } from "../policies/rules.ts";

toPolicies(rules, { preview: true, stack: {}, today: new Date() });
