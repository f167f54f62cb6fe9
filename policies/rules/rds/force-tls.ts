import type * as aws from "@pulumi/aws";
import { isOneOf, expect } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { elements, isKnown, known } from "../../core/unknown.ts";

/** The parameter that demands TLS, by the beginning of the parameter group's family. */
const PARAMETERS: Record<string, { name: string; values: string[] }> = {
  postgres: { name: "rds.force_ssl", values: ["1"] },
  mysql: { name: "require_secure_transport", values: ["1", "ON"] },
  mariadb: { name: "require_secure_transport", values: ["1", "ON"] },
};

export const forceTls: ResourceRule = {
  name: "rds-force-tls",
  description: "Database servers refuse connections without TLS.",
  severity: "high",
  group: "encryption",
  references: ["CKV2_AWS_69"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
  checks: [
    check<aws.rds.ParameterGroupArgs>("aws:rds/parameterGroup:ParameterGroup", ({ family, parameters }) => {
      if (typeof family !== "string")
        return expect(family, "family", { must: "an engine's", holds: () => false });
      if (!isKnown(parameters)) return [];
      const parameter = Object.entries(PARAMETERS).find(([engine]) => family.startsWith(engine))?.[1];
      if (parameter === undefined) return [];
      const settings = elements(parameters);
      // One that is still unknown may be the one.
      if (!settings.every((setting) => isKnown(setting) && isKnown(setting.name))) return [];
      const setting = known(settings).find(({ name }) => name === parameter.name);
      return expect(setting?.value, `parameters["${parameter.name}"]`, isOneOf(...parameter.values));
    }),
  ],
};
