import type { Settings } from "./configuration.ts";
import { isChildOf, type Node } from "./graph.ts";
import { fromResource } from "./evidence.ts";
import type { Check, Finding } from "./rule.ts";
import { elements, isKnown, known, UNKNOWN, type Seen, type Unknown, isUnread } from "./unknown.ts";

/** The component by which a program registers a policy document as known data, statement by statement. */
export const POLICY_DOCUMENT = "macro-ai:components:PolicyDocument";

/** A statement as a rule reads it, whichever way it was written. */
export interface Statement {
  /** Where it stands: `statements[0]`, `policy.Statement[0]`. */
  property: string;
  effect: string | Unknown;
  actions: (string | Unknown)[];
  /** True for NotAction: everything but these. */
  allButActions: boolean;
  resources: (string | Unknown)[];
  allButResources: boolean;
  /** Undefined in an identity policy. By kind: AWS, Service, Federated. */
  principals: Record<string, (string | Unknown)[]> | Unknown | undefined;
  allButPrincipals: boolean;
  /** Operator, then key, then values. */
  conditions: Record<string, Record<string, (string | Unknown)[]>> | Unknown;
}

/** Where AWS resources keep their documents, as JSON. */
const DOCUMENTS: Record<string, string> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:iam/role:Role": "assumeRolePolicy",
  "aws:kms/key:Key": "policy",
  "aws:kms/keyPolicy:KeyPolicy": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sns/topic:Topic": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:sqs/queue:Queue": "policy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:secretsmanager/secret:Secret": "policy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy": "policy",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
};

/** A check on every statement of every document, registered or JSON. */
export function statementCheck(
  judge: (statement: Statement, type: string, settings: Settings) => Finding[],
  except: string[] = [],
): Check[] {
  return documentCheck(
    (statements, type, settings) => statements.flatMap((statement) => judge(statement, type, settings)),
    except,
  );
}

/** A check on every document as a whole, registered or JSON. */
export function documentCheck(
  judge: (statements: Statement[], type: string, settings: Settings) => Finding[],
  except: string[] = [],
): Check[] {
  const json = Object.entries(DOCUMENTS)
    .filter(([type]) => !except.includes(type))
    .map(([type, property]): Check => ({
      types: [type],
      run: (inputs, { urn }, settings) =>
        isChildOf(urn, POLICY_DOCUMENT) && isUnread(inputs, property)
          ? []
          : judge(parse(inputs[property], property), type, settings),
    }));
  return [
    {
      types: [POLICY_DOCUMENT],
      // The ARN of a resource is no wildcard.
      evidence: fromResource,
      run: ({ statements }, _, settings) => judge(registered(statements), POLICY_DOCUMENT, settings),
    },
    ...json,
  ];
}

/**
 * The statements of a document in JSON; none while it is unknown. Each part is read when a rule asks for it, because what a
 * rule reads without knowing it has not proven.
 */
export function parse(json: unknown, property: string): Statement[] {
  if (typeof json !== "string") return [];
  const document = JSON.parse(json) as { Statement?: unknown };
  return [document.Statement ?? []].flat().map((entry, index) => {
    const statement = entry as Record<string, unknown>;
    return {
      property: `${property}.Statement[${index}]`,
      effect: (statement["Effect"] as string | undefined) ?? "Allow",
      actions: list(statement["Action"] ?? statement["NotAction"]),
      allButActions: statement["NotAction"] !== undefined,
      resources: list(statement["Resource"] ?? statement["NotResource"]),
      allButResources: statement["NotResource"] !== undefined,
      principals: principalsOf(statement["Principal"] ?? statement["NotPrincipal"]),
      allButPrincipals: statement["NotPrincipal"] !== undefined,
      conditions: conditionsOf(statement["Condition"]),
    };
  });
}

/** The statements that a PolicyDocument component registered. */
export function registered(statements: unknown): Statement[] {
  return elements(statements as unknown[] | Unknown | undefined).map((entry, index) => {
    const statement = (entry === UNKNOWN ? {} : entry) as Record<string, unknown>;
    return {
      property: `statements[${index}]`,
      effect: entry === UNKNOWN ? UNKNOWN : ((statement["effect"] as string | undefined) ?? "Allow"),
      get actions() {
        return list(statement["actions"]);
      },
      allButActions: false,
      get resources() {
        return list(statement["resources"]);
      },
      allButResources: false,
      get principals() {
        return principalsOf(statement["principals"]);
      },
      allButPrincipals: false,
      get conditions() {
        return conditionsOf(statement["conditions"]);
      },
    };
  });
}

const policies = new WeakMap<Node, Statement[] | undefined>();

/** The statements of a resource's policy, or undefined where only the update tells them; many ask for one key's. */
export function policyOf(resource: Node): Statement[] | undefined {
  if (!policies.has(resource)) policies.set(resource, readPolicy(resource));
  return policies.get(resource);
}

function readPolicy(resource: Node): Statement[] | undefined {
  // What it says of itself while it is unknown is nothing; whoever asks says so.
  if (!isUnread(resource.inputs, "policy")) return parse(resource.inputs["policy"], "policy");
  const { parent } = resource;
  return parent?.type === POLICY_DOCUMENT ? registered(parent.inputs["statements"]) : undefined;
}

function list(value: unknown): (string | Unknown)[] {
  return [value ?? []].flat() as (string | Unknown)[];
}

function principalsOf(value: unknown): Statement["principals"] {
  if (value === undefined || value === UNKNOWN) return value;
  if (typeof value === "string") return { AWS: [value] };
  return Object.fromEntries(Object.entries(value as object).map(([kind, names]) => [kind, list(names)]));
}

function conditionsOf(value: unknown): Statement["conditions"] {
  const operators = (value === UNKNOWN ? {} : (value ?? {})) as Record<string, object | Unknown>;
  if (value === UNKNOWN || Object.values(operators).includes(UNKNOWN)) return UNKNOWN;
  return Object.fromEntries(
    Object.entries(operators as Record<string, object>).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, list(values)])),
    ]),
  );
}

/** True where the statement speaks of everyone. */
export function isForEveryone({ principals, allButPrincipals }: Statement): boolean {
  if (!isKnown(principals) || principals === undefined) return false;
  return allButPrincipals || known<Seen<string>>(principals["AWS"]).includes("*");
}

/** True where nothing bounds when the statement holds. */
export function isUnconditional({ conditions }: Statement): boolean {
  return isKnown(conditions) && Object.keys(conditions).length === 0;
}

/** True for a statement that denies everyone this action, and all it stands for, where it does not come over TLS. */
export function deniesPlaintext(statement: Statement, action: string): boolean {
  const { effect, conditions, actions } = statement;
  if (effect !== "Deny" || !isForEveryone(statement) || !isKnown(conditions)) return false;
  const secure = Object.entries(conditions).flatMap(([operator, keys]) =>
    operator === "Bool" || operator === "BoolIfExists"
      ? Object.entries(keys).filter(([key]) => key.toLowerCase() === "aws:securetransport")
      : [],
  );
  const others = Object.values(conditions).flatMap(Object.keys).length - secure.length;
  const covering = ["*", `${action.split(":")[0] ?? ""}:*`, action];
  const covers = !statement.allButActions && known(actions).some((name) => covering.includes(name));
  return others === 0 && covers && secure.some(([, values]) => values.includes("false"));
}
