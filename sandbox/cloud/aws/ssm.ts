import type { Rules } from "../rule.ts";
import { check, exactlyOne, lengthOf, oneOf } from "./constraints.ts";
import { kmsKey, refersTo } from "./references.ts";
import { amount, arn, blank, byInput, text } from "./shapes.ts";

export const ssm: Rules = {
  "aws:ssm/parameter:Parameter": {
    name: {
      property: "name",
      pattern: /^(?!\/?(aws|ssm)(?![a-zA-Z0-9]))[a-zA-Z0-9_./-]+$/,
      allowed: "letters, digits and _./-, not beginning with aws or ssm",
      maxLength: 1011,
      scope: "region",
      autoname: "hex",
      taken: (name) => `ParameterAlreadyExists: The parameter already exists: ${name}`,
    },
    id: byInput("name"),
    computed: (ctx) => ({
      arn: arn(ctx, "ssm", `parameter${ctx.id.startsWith("/") ? "" : "/"}${ctx.id}`),
      dataType: "text",
      hasValueWo: ctx.inputs["valueWo"] !== undefined,
      insecureValue: text(ctx.inputs, "type") === "SecureString" ? "" : text(ctx.inputs, "value"),
      keyId: text(ctx.inputs, "type") === "SecureString" ? "alias/aws/ssm" : "",
      tier: "Standard",
      value: text(ctx.inputs, "insecureValue"),
      version: 1 + amount(ctx.state ?? {}, "version", 0),
      ...blank("allowedPattern"),
    }),
    volatile: ["version", "insecureValue"],
    replaceOn: ["name", "dataType"],
    writeOnly: ["overwrite", "valueWo", "valueWoVersion"],
    check: check(
      oneOf("type", "String", "StringList", "SecureString"),
      oneOf("tier", "Standard", "Advanced", "Intelligent-Tiering"),
      oneOf("dataType", "text", "aws:ec2:image", "aws:ssm:integration"),
      exactlyOne("value", "insecureValue", "valueWo"),
      lengthOf("description", 0, 1024),
    ),
    admit: refersTo({ keyId: kmsKey }),
  },
};
