import type { Rules } from "../rule.ts";
import { between, check, integer, lengthOf, needs, oneOf, when } from "./constraints.ts";
import { kmsKey, refersTo } from "./references.ts";
import { arn, capitals, text } from "./shapes.ts";

export const xray: Rules = {
  "aws:xray/samplingRule:SamplingRule": {
    name: { property: "ruleName", maxLength: 32, scope: "region", autoname: "optional" },
    id: (ctx) => text(ctx.inputs, "ruleName", `${ctx.name}-${ctx.hex(7)}`),
    computed: (ctx) => ({ arn: arn(ctx, "xray", `sampling-rule/${ctx.id}`), ruleName: ctx.id }),
    replaceOn: ["ruleName"],
    check: check(
      between("fixedRate", 0, 1),
      integer("priority", 1, 9999),
      integer("reservoirSize", 0, 2147483647),
      integer("version", 1, 1),
      lengthOf("host", 0, 64),
      lengthOf("httpMethod", 0, 10),
      lengthOf("serviceName", 0, 64),
      lengthOf("serviceType", 0, 64),
      lengthOf("urlPath", 0, 128),
      lengthOf("resourceArn", 0, 500),
    ),
  },
  "aws:xray/group:Group": {
    name: { property: "groupName", maxLength: 32, scope: "region", autoname: "required" },
    id: (ctx) => arn(ctx, "xray", `group/${text(ctx.inputs, "groupName")}/${capitals(ctx, "group", 52)}`),
    computed: (ctx) => ({
      arn: ctx.id,
      insightsConfiguration: { insightsEnabled: false, notificationsEnabled: false },
    }),
    replaceOn: ["groupName"],
    check: check(lengthOf("filterExpression", 1, 2000)),
  },
  "aws:xray/encryptionConfig:EncryptionConfig": {
    id: ({ region }) => region,
    computed: () => ({}),
    check: check(
      oneOf("type", "NONE", "KMS"),
      when((inputs) => inputs["type"] === "KMS", needs("for type KMS", "keyId")),
    ),
    admit: refersTo({ keyId: kmsKey }),
  },
};
