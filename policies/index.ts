import { PolicyPack } from "@pulumi/policy";
import { toPolicies } from "./core/policy.ts";
import { rules } from "./rules.ts";

new PolicyPack("macro-ai", { policies: rules.flatMap(toPolicies) });
