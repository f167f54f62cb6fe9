import * as z from "zod";
import { environments, scales } from "../environments.ts";
import { amount, choice, flag, secret, text } from "./fields.ts";
import { closestRegion, defaultRegion, regionForm, regionObjection } from "./region.ts";
import { restore } from "./restore.ts";
import { sizes } from "./sizes.ts";

const imageForm = /^(?:sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/;
const image = {
  form: imageForm,
  allowed: "an image tag of at most 128 letters, digits, _ . and -, or a digest, sha256: and 64 hex digits",
  example: "1.0.0",
  objection: (tag: string) =>
    tag === "latest" ? 'tags are immutable here, so "latest" could never move' : undefined,
};

const tagForm = /^[\p{L}\p{N} _.:/=+@-]{1,256}$/u;
const tagAllowed = "1 to 256 letters, digits, spaces and _ . : / = + - @";

/**
 * Every key of a stack's configuration: the one source of its types, defaults, documentation and errors.
 * Groups are Pulumi's structured configuration. What is optional and has no default here is a size of the
 * scale, or follows from environment and scale.
 */
export const schema = z.strictObject({
  environment: choice(environments, {
    description: "Which copy of Macro AI this is; selects its secrets, its protection and its retention.",
    instead: "staging",
  }),
  scale: choice(scales, {
    description:
      "What it runs on: Lambda, Neon and Upstash, or ECS, RDS and ElastiCache in their own network.",
    instead: "hobby",
  }).default("hobby"),
  "aws:region": text({
    description: "Where in AWS the stack lies. A change makes everything anew.",
    form: regionForm,
    allowed: `the name of a region of AWS, for example ${defaultRegion} or eu-west-2`,
    example: defaultRegion,
    objection: regionObjection,
    mend: closestRegion,
  }).default(defaultRegion),
  domain: text({
    description: "The DNS name under which `api.` and `app.` are served. Enterprise needs one.",
    form: /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    allowed: "a lower-case DNS name without scheme or path, for example macro-ai.com",
    example: "macro-ai.com",
    unset: "the addresses AWS gives",
    mend: (wrong) =>
      wrong
        .toLowerCase()
        .replace(/^[a-z]+:\/\//, "")
        .replace(/\/.*$|\.$/, ""),
  }).exactOptional(),
  hostedZoneId: text({
    description: "The Route 53 zone that holds the domain; needed with it.",
    form: /^Z[0-9A-Z]{7,31}$/,
    allowed: "a Route 53 zone's id: Z and 7 to 31 capital letters and digits",
    example: "Z0123456789EXAMPLE",
    unset: "none",
    ownersOnly: true,
    mend: (wrong) => wrong.replace(/^\/hostedzone\//, "").toUpperCase(),
  }).exactOptional(),
  alertEmail: text({
    description: "Who is told when an alarm fires. Production and dr need it.",
    form: /^[^\s@<>"]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,63}$/,
    allowed: "one e-mail address",
    example: "alerts@macro-ai.com",
    unset: "nobody is told",
    mend: (wrong) => wrong.trim(),
  }).exactOptional(),
  runbookUrl: text({
    description: "Where people read docs/runbooks in a browser: every alarm links to its heading there.",
    form: /^https:\/\/[\w.-]+(?:\/[\w.~%@+-]+)*$/,
    allowed: "an https URL of at most 150 characters without query and trailing slash",
    example: "https://github.com/example/infrastructure/blob/main/docs/runbooks",
    unset: "alarms name the file",
    objection: (url) => (url.length > 150 ? "an alarm's text has no room for it" : undefined),
    mend: (wrong) => wrong.trim().replace(/\/+$/, ""),
  }).exactOptional(),
  permissionsBoundary: text({
    description:
      "The policy that caps what every role of the stack can do; pipelines may make no role without.",
    form: /^arn:aws[a-z-]*:iam::\d{12}:policy\/[\w+=,.@/-]{1,512}$/,
    allowed: "the ARN of a managed policy of the account, as `npm run bootstrap` tells it",
    example: "arn:aws:iam::123456789012:policy/macro-ai-workload-staging",
    unset: "roles can do what their policies say",
  }).exactOptional(),
  owner: text({
    description: "The team that answers for the stack: the `owner` tag.",
    form: tagForm,
    allowed: tagAllowed,
    example: "platform",
  }).default("platform"),
  costCentre: text({
    description: "Who pays: the `cost-centre` tag.",
    form: tagForm,
    allowed: tagAllowed,
    example: "macro-ai",
  }).default("macro-ai"),
  apiImage: text({
    description: "The API's image in the repository `macro-ai/express-api`.",
    ...image,
    unset: "a placeholder that answers `/api/health`",
  }).exactOptional(),
  featureFlags: text({
    description: "Features of the API that differ from what its environment has.",
    form: /^enable[A-Za-z]+=(?:true|false)(?:,enable[A-Za-z]+=(?:true|false))*$/,
    allowed:
      "flags parted by commas, each with true or false: enableBetaFeatures=false,enableDebugLogging=true",
    example: "enableBetaFeatures=false",
    unset: "the environment's own, which [runtime](runtime/README.md) has",
    mend: (wrong) => wrong.replaceAll(/\s/g, "").replace(/,$/, ""),
  }).exactOptional(),
  monthlyBudget: amount({
    description: "GBP a month that the stack may cost; AWS warns of what nears or passes it.",
    unit: "GBP",
    max: 100_000,
    example: 300,
  }).exactOptional(),
  deletionProtection: flag({
    description: "Whether databases, buckets and load balancers refuse to be deleted.",
    example: true,
  }).exactOptional(),
  retainEnterpriseData: flag({
    description:
      "For the way from enterprise to hobby: keeps the network and the database, unused. Set it one deployment ahead.",
    example: false,
  }).default(false),
  replicaRegion: text({
    description:
      "A second region that gets copies of the database's backups, the secrets and the images, for dr to start from.",
    form: regionForm,
    allowed: "the name of a region of AWS other than the stack's own, for example us-west-2",
    example: "us-west-2",
    unset: "no copies",
    objection: regionObjection,
    mend: closestRegion,
  }).exactOptional(),

  ...sizes,

  restore,

  features: z
    .strictObject({
      firewall: flag({
        description: "AWS WAF before the API and the client.",
        example: true,
      }).exactOptional(),
      tracing: flag({ description: "X-Ray traces of the API's requests.", example: true }).exactOptional(),
      auditTrail: flag({
        description: "CloudTrail: switch it on in one stack of an account.",
        example: true,
      }).exactOptional(),
      dashboard: flag({
        description: "The dashboard of the alarms: USD 3 a month from an account's fourth on.",
        example: true,
      }).exactOptional(),
    })
    .prefault({}),

  openaiApiKey: secret({
    description: "OpenAI's API key.",
    form: /^sk-[\w-]{16,}$/,
    likeness: "sk- and at least 16 letters, digits, _ and -",
    example: "sk-example-not-a-real-key-0000",
    secretOf: scales,
  }).exactOptional(),
  cognitoUserPoolId: secret({
    description: "The id of the Cognito user pool.",
    form: /^[a-z]{2}(?:-[a-z]+)+-\d_[0-9A-Za-z]{1,55}$/,
    likeness: "<region>_<letters and digits>, for example us-east-1_AbCdEfGhI",
    example: "us-east-1_EXAMPLE00",
    secretOf: scales,
  }).exactOptional(),
  cognitoUserPoolClientId: secret({
    description: "The id of the API's client in that pool.",
    form: /^[0-9a-z]{20,128}$/,
    likeness: "20 to 128 lower-case letters and digits",
    example: "exampleclientid0000000000",
    secretOf: scales,
  }).exactOptional(),
  cognitoUserPoolSecretKey: secret({
    description: "That client's secret.",
    form: /^[\w+]{24,64}$/,
    likeness: "24 to 64 letters, digits, _ and +",
    example: "exampleclientsecret0000000000000000000000000000000",
    secretOf: scales,
  }).exactOptional(),
  openaiProjectId: text({
    description: "The project of OpenAI whose key is rotated; needed with `openaiAdminKey`.",
    form: /^proj_[A-Za-z0-9]{8,64}$/,
    allowed: "a project's id: proj_ and letters and digits",
    example: "proj_example0000",
    unset: "a person renews the key",
  }).exactOptional(),
  openaiAdminKey: secret({
    description: "An admin key of OpenAI's organization, by which the API key is rotated.",
    form: /^sk-admin-[\w-]{16,}$/,
    likeness: "sk-admin- and at least 16 letters, digits, _ and -",
    example: "sk-admin-example-not-a-real-key-0000",
    secretOf: [],
  }).exactOptional(),
  neonDatabaseUrl: secret({
    description: "Neon's connection URL.",
    form: /^postgresql:\/\/[\w.~-]+:(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+@[\w.-]+(?::\d{1,5})?\/[\w-]+(?:\?[^\s#]*)?$/,
    likeness: "postgresql://user:password@host/database with the password percent-encoded",
    example: "postgresql://example:not-a-password@neon.example.com:5432/macro_ai?sslmode=require",
    secretOf: ["hobby"],
  }).exactOptional(),
  upstashRedisUrl: secret({
    description: "Upstash's connection URL.",
    form: /^rediss:\/\/[\w.~-]*:(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+@[\w.-]+(?::\d{1,5})?(?:\/\d*)?$/,
    likeness: "rediss://default:password@host:6379 with the password percent-encoded",
    example: "rediss://default:not-a-password@upstash.example.com:6379",
    secretOf: ["hobby"],
  }).exactOptional(),
});

/** A stack's configuration as it was set, defaults of single keys filled in. */
export type Settings = z.output<typeof schema>;
