import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import { arnOf, check, exactlyOne, integer, lengthOf, matches, must, mustSecretly } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { firstOf, keyElsewhere, kmsKey, lambdaFunction, refersTo } from "./references.ts";
import type { Reference } from "./references.ts";
import { amount, arn, blank, byInput, list, mixed, nested, text, uuid } from "./shapes.ts";

const SECRET = "aws:secretsmanager/secret:Secret";

const secret: Reference = {
  types: [SECRET],
  by: ["arn", "name"],
  // What an AWS service keeps for itself, as RDS does a master password.
  except: /:secret:[a-z]+!/,
  missing: () => "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
};

export const secretsmanager: Rules = {
  [SECRET]: {
    name: {
      property: "name",
      pattern: /^[A-Za-z0-9/_+=.@-]+$/,
      allowed: "letters, digits and /_+=.@-",
      maxLength: 512,
      scope: "region",
      autoname: "hex",
      taken: (name) =>
        `ResourceExistsException: The operation failed because the secret ${name} already exists.`,
    },
    id: (ctx) => arn(ctx, "secretsmanager", `secret:${text(ctx.inputs, "name")}-${mixed(ctx, "suffix", 6)}`),
    defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
    computed: (ctx) => ({ arn: ctx.id, ...blank("namePrefix", "policy") }),
    replaceOn: ["name", "namePrefix", "type"],
    writeOnly: ["forceOverwriteReplicaSecret", "recoveryWindowInDays"],
    sets: ["replicas"],
    check: check(
      must(
        "recoveryWindowInDays",
        (value) => value === 0 || (Number.isInteger(value) && Number(value) >= 7 && Number(value) <= 30),
        "0, or 7 to 30 days",
      ),
      lengthOf("description", 0, 2048),
      policyDocument("policy", "resource"),
      matches("replicas[].region", /^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-west-1"),
    ),
    admit: firstOf(
      refersTo({ kmsKeyId: kmsKey, "replicas[].kmsKeyId": kmsKey }),
      ({ inputs, region }) => keyElsewhere(inputs["kmsKeyId"], region),
      isCopyElsewhere,
      admitReplicas,
    ),
    onDelete: (ctx) => {
      const days = amount(ctx.inputs, "recoveryWindowInDays", 30);
      if (days > 0) ctx.world.reserve(SECRET, text(ctx.state ?? {}, "name", text(ctx.inputs, "name")), days);
    },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    id: (ctx) => `${text(ctx.inputs, "secretId")}|${versionId(ctx)}`,
    computed: (ctx) => ({
      arn: text(ctx.inputs, "secretId"),
      hasSecretStringWo: ctx.inputs["secretStringWo"] !== undefined,
      secretArn: text(ctx.inputs, "secretId"),
      versionId: versionId(ctx),
      versionStages: ["AWSCURRENT"],
    }),
    replaceOn: ["secretId", "secretBinary", "secretString", "secretStringWoVersion"],
    // Labels move from version to version with each rotation.
    writeOnly: ["secretStringWo", "secretStringWoVersion", "versionStages"],
    sets: ["versionStages"],
    check: check(
      exactlyOne("secretString", "secretBinary", "secretStringWo"),
      mustSecretly(
        "secretString",
        (value) => String(value).length >= 1 && Buffer.byteLength(String(value)) <= 65536,
        "1 to 65536 bytes",
      ),
    ),
    admit: refersTo({ secretId: secret }),
    onCreate: label,
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    id: byInput("secretArn"),
    computed: () => ({}),
    replaceOn: ["secretArn"],
    writeOnly: ["blockPublicPolicy"],
    check: check(policyDocument("policy", "resource"), notPublic),
    admit: refersTo({ secretArn: secret }),
  },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    id: byInput("secretId"),
    defaults: { rotateImmediately: true },
    computed: () => ({ rotationEnabled: true }),
    replaceOn: ["secretId"],
    writeOnly: ["rotateImmediately"],
    check: check(
      integer("rotationRules.automaticallyAfterDays", 1, 1000),
      matches(
        "rotationRules.scheduleExpression",
        /^(rate\(\d+ (hours?|days?)\)|cron\(.+\))$/,
        "rate(... days) or cron(...)",
      ),
      matches("rotationRules.duration", /^\d{1,2}h$/, "hours such as 3h"),
      arnOf("rotationLambdaArn", "lambda"),
      (inputs) =>
        exactlyOne(
          "automaticallyAfterDays",
          "scheduleExpression",
        )(nested(inputs["rotationRules"])).map(({ property, reason }) => ({
          property: `rotationRules.${property}`,
          reason,
        })),
    ),
    admit: firstOf(refersTo({ secretId: secret, rotationLambdaArn: lambdaFunction }), mayInvoke),
  },
};

const CURRENT = "AWSCURRENT";

/** A secret's first version becomes the current one whatever its labels, a later one only by that label. */
function label({ type, id, region, inputs, world }: Context): void {
  const own = world.get(type, id, region);
  if (own === undefined) return;
  const others = world
    .list(type, region)
    .filter((version) => version.id !== id && version.inputs["secretId"] === inputs["secretId"]);
  const stages = list(own.state, "versionStages");
  const current = others.find(({ state }) => list(state, "versionStages").includes(CURRENT));
  if (current === undefined && !stages.includes(CURRENT))
    world.change(own, { ...own.state, versionStages: [...stages, CURRENT] });
  if (current !== undefined && stages.includes(CURRENT))
    world.change(current, {
      ...current.state,
      versionStages: [
        ...list(current.state, "versionStages").filter((stage) => stage !== CURRENT),
        "AWSPREVIOUS",
      ],
    });
}

/** The name of a copy is taken as the name of any other secret is. */
function isCopyElsewhere({ inputs, region, world, id }: Context): string | undefined {
  const name = text(inputs, "name");
  return world
    .list(SECRET)
    .some((other) => other.id !== id && other.state["name"] === name && isReplicatedTo(other.inputs, region))
    ? `ResourceExistsException: The operation failed because the secret ${name} already exists.`
    : undefined;
}

function isReplicatedTo(inputs: Inputs, region: string): boolean {
  return list(inputs, "replicas").some((replica) => nested(replica)["region"] === region);
}

function admitReplicas({ inputs, region, world }: Context): string | undefined {
  for (const replica of list(inputs, "replicas").map(nested)) {
    const target = text(replica, "region");
    if (target === region)
      return "InvalidParameterException: You can't replicate a secret to the Region where it is.";
    const elsewhere = keyElsewhere(replica["kmsKeyId"], target);
    if (elsewhere !== undefined) return elsewhere;
    if (
      inputs["forceOverwriteReplicaSecret"] !== true &&
      world.find(SECRET, "name", inputs["name"], target) !== undefined
    )
      return `the replica in ${target} failed: Replication failed: the name is taken by the secret ${text(inputs, "name")}`;
  }
  return undefined;
}

function versionId(ctx: Context): string {
  return `terraform-${ctx.createdAt.replace(/\D/g, "")}${uuid(ctx, "version").replaceAll("-", "").slice(0, 9)}`;
}

/** With blockPublicPolicy Secrets Manager refuses a policy that opens the secret to everyone. */
function notPublic(inputs: Inputs): Problem[] {
  const document = text(inputs, "policy");
  return inputs["blockPublicPolicy"] === true &&
    /"Effect":"Allow","Principal":("\*"|\{"AWS":"\*"\})(?!.*"Condition")/.test(document.replace(/\s/g, ""))
    ? [{ property: "policy", reason: "opens the secret to everyone, which blockPublicPolicy refuses" }]
    : [];
}

/** Secrets Manager tries the function when rotation is turned on, on behalf of the secret and its account. */
function mayInvoke({ inputs, world, accountId }: Context): string | undefined {
  const fn = text(inputs, "rotationLambdaArn");
  if (fn === "") return undefined;
  const granted = world
    .list("aws:lambda/permission:Permission")
    .some(
      ({ inputs: permission }) =>
        permission["principal"] === "secretsmanager.amazonaws.com" &&
        ["", text(inputs, "secretId")].includes(text(permission, "sourceArn")) &&
        ["", accountId].includes(text(permission, "sourceAccount")) &&
        [fn, fn.split(":")[6]].includes(text(permission, "function")),
    );
  return granted
    ? undefined
    : "AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.";
}
