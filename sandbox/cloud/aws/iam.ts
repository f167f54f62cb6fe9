import type { Inputs, Problem, Rules } from "../rule.ts";
import { arnOf, check, count, integer, lengthOf, matches } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { firstOf, naming, refersTo, role, unlessUsed } from "./references.ts";
import { byInput, capitals, created, globalArn, lastPart, text } from "./shapes.ts";

const NAME = {
  property: "name",
  pattern: /^[\w+=,.@-]+$/,
  allowed: "letters, digits and _+=,.@-",
  scope: "account",
  autoname: "hex",
} as const;

const POLICY = "aws:iam/policy:Policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const INLINE = "aws:iam/rolePolicy:RolePolicy";

export const iam: Rules = {
  "aws:iam/role:Role": {
    name: {
      ...NAME,
      maxLength: 64,
      taken: (name) => `EntityAlreadyExists: Role with name ${name} already exists.`,
    },
    id: byInput("name"),
    defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
    computed: (ctx) => ({
      arn: globalArn(ctx, "iam", `role${text(ctx.inputs, "path", "/")}${ctx.id}`),
      createDate: created(ctx),
      inlinePolicies: [],
      managedPolicyArns: [],
      namePrefix: "",
      uniqueId: `AROA${capitals(ctx, "role", 17)}`,
    }),
    replaceOn: ["name", "namePrefix", "path"],
    sets: ["managedPolicyArns", "inlinePolicies"],
    writeOnly: ["forceDetachPolicies"],
    check: check(
      integer("maxSessionDuration", 3600, 43200),
      lengthOf("description", 0, 1000),
      matches("description", /^[\t\n\r -~¡-ÿ]*$/, "text of the Latin-1 set (IAM takes no other characters)"),
      matches("path", /^\/([!-~]+\/)?$/, "a path that begins and ends with /"),
      policyDocument("assumeRolePolicy", "trust"),
      arnOf("managedPolicyArns[]", "iam"),
      arnOf("permissionsBoundary", "iam"),
    ),
    guardDelete: firstOf(
      (ctx) =>
        ctx.inputs["forceDetachPolicies"] === true
          ? undefined
          : unlessUsed(
              { [ATTACHMENT]: ["role"] },
              (_, users) =>
                `DeleteConflict: Cannot delete entity, must detach all policies first (${naming(users)})`,
            )(ctx),
      unlessUsed(
        { [INLINE]: ["role"] },
        (_, users) => `DeleteConflict: Cannot delete entity, must delete policies first (${naming(users)})`,
      ),
    ),
  },
  [INLINE]: {
    name: { ...NAME, maxLength: 128, scope: "none" },
    id: (ctx) => `${lastPart(text(ctx.inputs, "role"))}:${text(ctx.inputs, "name")}`,
    computed: () => ({ namePrefix: "" }),
    replaceOn: ["name", "namePrefix", "role"],
    check: check(policyDocument("policy", "identity", 10240)),
    admit: refersTo({ role: { ...role, by: ["name", "arn"] } }),
  },
  [POLICY]: {
    name: {
      ...NAME,
      maxLength: 128,
      taken: (name) =>
        `EntityAlreadyExists: A policy called ${name} already exists. Duplicate names are not allowed.`,
    },
    id: (ctx) => globalArn(ctx, "iam", `policy${text(ctx.inputs, "path", "/")}${text(ctx.inputs, "name")}`),
    defaults: { path: "/" },
    computed: (ctx) => ({
      arn: ctx.id,
      attachmentCount: 0,
      namePrefix: "",
      policyId: `ANPA${capitals(ctx, "policy", 17)}`,
    }),
    replaceOn: ["name", "namePrefix", "path", "description"],
    check: check(lengthOf("description", 0, 1000), policyDocument("policy", "identity", 6144)),
    guardDelete: unlessUsed(
      { [ATTACHMENT]: ["policyArn"] },
      (_, users) => `DeleteConflict: Cannot delete a policy attached to entities (${naming(users)})`,
    ),
  },
  [ATTACHMENT]: {
    id: (ctx) => `${lastPart(text(ctx.inputs, "role"))}/${text(ctx.inputs, "policyArn")}`,
    computed: () => ({}),
    replaceOn: ["role", "policyArn"],
    check: check(arnOf("policyArn", "iam")),
    admit: refersTo({
      role: { ...role, by: ["name", "arn"] },
      policyArn: {
        types: [POLICY],
        except: /^arn:aws[a-z-]*:iam::aws:policy\//,
        missing: (value) => `NoSuchEntity: Policy ${value} does not exist or is not attachable.`,
      },
    }),
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    id: (ctx) => globalArn(ctx, "iam", `oidc-provider/${text(ctx.inputs, "url").replace(/^https:\/\//, "")}`),
    computed: (ctx) => ({ arn: ctx.id, thumbprintLists: [ctx.hex(40, "thumbprint")] }),
    replaceOn: ["url"],
    sets: ["clientIdLists"],
    check: check(
      matches("url", /^(https:\/\/)?[a-z0-9.-]+\.[a-z]+(\/[!-~]*)?$/i, "a URL of https"),
      lengthOf("url", 1, 255),
      count("clientIdLists", 1, 100),
      matches("thumbprintLists[]", /^[0-9a-fA-F]{40}$/, "40 hex digits"),
      sameProvider,
    ),
    admit: ({ world, inputs, state }) =>
      state === undefined &&
      world
        .list("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
        .some((other) => other.inputs["url"] === inputs["url"])
        ? `EntityAlreadyExists: Provider with url ${text(inputs, "url")} already exists.`
        : undefined,
  },
};

function sameProvider(inputs: Inputs): Problem[] {
  return text(inputs, "url").startsWith("http://") ? [{ property: "url", reason: "must be https" }] : [];
}
