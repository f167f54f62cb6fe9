import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import configuration from "./configuration.json" with { type: "json" };
import { GATE, toPolicies } from "./core/pack.ts";
import { rules } from "./rules.ts";

const occasion = {
  preview: pulumi.runtime.isDryRun(),
  stack: pulumi.runtime.allConfig(),
  today: new Date(),
};

const policies = toPolicies(rules, occasion, process.env["MACRO_AI_POLICY_SNAPSHOT"]);
// A level that is left out here counts as advisory.
new PolicyPack("macro-ai", { policies }, { [GATE]: { enforcementLevel: "remediate", ...configuration } });
