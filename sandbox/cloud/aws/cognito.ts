import type { Rules } from "../rule.ts";
import { between, check, count, integer, lengthOf, oneOf } from "./constraints.ts";
import { refersTo } from "./references.ts";
import { absent, arn, blank, letters, mixed, text } from "./shapes.ts";

const POOL = "aws:cognito/userPool:UserPool";

const NAME = {
  property: "name",
  pattern: /^[\w\s+=,.@-]+$/,
  allowed: "letters, digits, spaces and +=,.@-_",
  maxLength: 128,
  scope: "none",
  autoname: "hex",
} as const;

export const cognito: Rules = {
  [POOL]: {
    name: NAME,
    id: (ctx) => `${ctx.region}_${mixed(ctx, "pool", 9)}`,
    defaults: { deletionProtection: "INACTIVE", mfaConfiguration: "OFF" },
    computed: (ctx) => ({
      adminCreateUserConfig: { allowAdminCreateUserOnly: false },
      arn: arn(ctx, "cognito-idp", `userpool/${ctx.id}`),
      creationDate: ctx.createdAt,
      endpoint: `cognito-idp.${ctx.region}.amazonaws.com/${ctx.id}`,
      estimatedNumberOfUsers: 0,
      lastModifiedDate: ctx.createdAt,
      passwordPolicy: {
        minimumLength: 8,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercase: true,
        temporaryPasswordValidityDays: 7,
      },
      signInPolicy: { allowedFirstAuthFactors: ["PASSWORD"] },
      userPoolTier: "ESSENTIALS",
      verificationMessageTemplate: { defaultEmailOption: "CONFIRM_WITH_CODE" },
      ...absent("smsConfiguration", "usernameConfiguration"),
      ...blank(
        "customDomain",
        "domain",
        "emailVerificationMessage",
        "emailVerificationSubject",
        "smsVerificationMessage",
      ),
    }),
    replaceOn: ["aliasAttributes", "usernameAttributes", "usernameConfiguration"],
    updateOn: ["name", "smsConfiguration"],
    check: check(
      oneOf("deletionProtection", "ACTIVE", "INACTIVE"),
      oneOf("mfaConfiguration", "ON", "OFF", "OPTIONAL"),
      oneOf("userPoolTier", "LITE", "ESSENTIALS", "PLUS"),
      integer("passwordPolicy.minimumLength", 6, 99),
      integer("passwordPolicy.temporaryPasswordValidityDays", 0, 365),
      oneOf("autoVerifiedAttributes[]", "email", "phone_number"),
      count("schemas", 0, 50),
    ),
    guardDelete: (ctx) =>
      ctx.state?.["deletionProtection"] === "ACTIVE"
        ? "InvalidParameterException: The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first."
        : undefined,
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    name: NAME,
    id: (ctx) => letters(ctx, "client", 26),
    computed: (ctx) => ({
      accessTokenValidity: 0,
      allowedOauthFlows: [],
      allowedOauthScopes: [],
      callbackUrls: [],
      explicitAuthFlows: [],
      logoutUrls: [],
      readAttributes: [],
      supportedIdentityProviders: [],
      writeAttributes: [],
      allowedOauthFlowsUserPoolClient: false,
      authSessionValidity: 3,
      clientSecret: ctx.inputs["generateSecret"] === true ? letters(ctx, "secret", 52) : "",
      defaultRedirectUri: "",
      enablePropagateAdditionalUserContextData: false,
      enableTokenRevocation: true,
      idTokenValidity: 0,
      preventUserExistenceErrors: text(ctx.inputs, "preventUserExistenceErrors"),
      refreshTokenValidity: 30,
    }),
    replaceOn: ["generateSecret", "userPoolId"],
    updateOn: ["name"],
    sets: [
      "allowedOauthFlows",
      "allowedOauthScopes",
      "callbackUrls",
      "explicitAuthFlows",
      "logoutUrls",
      "readAttributes",
      "supportedIdentityProviders",
      "writeAttributes",
    ],
    check: check(
      integer("authSessionValidity", 3, 15),
      between("refreshTokenValidity", 0, 315360000),
      oneOf("preventUserExistenceErrors", "LEGACY", "ENABLED"),
      oneOf("allowedOauthFlows[]", "code", "implicit", "client_credentials"),
      lengthOf("callbackUrls[]", 1, 1024),
    ),
    admit: refersTo({
      userPoolId: {
        types: [POOL],
        missing: (id) => `ResourceNotFoundException: User pool ${id} does not exist.`,
      },
    }),
  },
};
