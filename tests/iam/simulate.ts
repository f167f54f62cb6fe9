import assert from "node:assert/strict";
import {
  anonymousPrincipal,
  getDenialReasons,
  getGrantReasons,
  type RequestAnalysis,
  runSimulation,
  type Simulation,
} from "@cloud-copilot/iam-simulate";
import type { Account, Document } from "./account.ts";
import { account } from "./aws-names.ts";

export type Verdict = "allowed" | "denied";

/** The values of condition keys. */
export type Context = Readonly<Record<string, string>>;

/** One request to AWS. */
export interface Request {
  /**
   * A role of the stack by its logical name, a service (`logs.us-east-1.amazonaws.com`), or one of `administrator` (may do
   * all that IAM policies of this account can give), `stranger` (the same in another account), `anonymous`.
   */
  who: string;
  action: string;
  /** An ARN, or `*` for actions that know no resource. */
  resource: string;
  /** Beyond what every request has. */
  context: Context;
}

/** What AWS answers, and the statements (`document: Sid`) for which it does. */
export interface Decision {
  verdict: Verdict;
  because: string[];
}

export const strangersAccount = "999999999999";

const everything = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" }],
};

interface Principal {
  principal: Simulation["request"]["principal"];
  policies: Simulation["identityPolicies"];
  context: Record<string, string>;
}

/**
 * Asks the simulator what AWS would answer.
 *
 * @param own The stack whose role asks
 * @param others Further stacks of the account, whose resources may be asked for
 * @throws AssertionError when the request is none that AWS knows: action, resource type or condition key
 */
export async function decide(own: Account, others: readonly Account[], request: Request): Promise<Decision> {
  const { principal, policies, context } = principalOf(own, request.who);
  const resourcePolicy =
    request.action === "sts:AssumeRole"
      ? trustOf([own, ...others], request.resource)
      : [own, ...others].map((stack) => stack.policyOf(request.resource)).find(Boolean);
  const simulation: Simulation = {
    request: {
      principal,
      action: request.action,
      resource: { resource: request.resource, accountId: accountOf(request.resource) },
      contextVariables: { "aws:SecureTransport": "true", ...context, ...request.context },
    },
    identityPolicies: policies,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy && { resourcePolicy: resourcePolicy.policy }),
  };
  const result = await runSimulation(withTranslatedKeys(simulation), {});
  const told = `${request.who} ${request.action} ${request.resource}`;
  assert.ok(result.resultType === "single", `${told}: ${JSON.stringify(result)}`);
  const ignored = (result.result.ignoredContextKeys ?? []).filter(
    (key) => key in translated(request.context),
  );
  assert.deepEqual(ignored, [], `${told}: AWS sends no such keys`);
  const { analysis } = result.result;
  return {
    verdict: analysis.result === "Allowed" ? "allowed" : "denied",
    because: reasons(analysis, request.who, resourcePolicy?.title),
  };
}

function principalOf(own: Account, who: string): Principal {
  const human = { "aws:PrincipalIsAWSService": "false" };
  if (who.endsWith(".amazonaws.com"))
    return { principal: who, policies: [], context: { "aws:PrincipalIsAWSService": "true" } };
  if (who === "anonymous") return { principal: anonymousPrincipal, policies: [], context: human };
  if (who === "administrator" || who === "stranger") {
    const home = who === "stranger" ? strangersAccount : account;
    return {
      principal: `arn:aws:sts::${home}:assumed-role/administrator/session`,
      policies: [{ name: who, policy: everything }],
      context: { ...human, "aws:PrincipalAccount": home },
    };
  }
  const role = own.role(who);
  assert.ok(role, `There is no role ${who} in ${own.environment} at ${own.scale} scale`);
  return {
    principal: `arn:aws:sts::${account}:assumed-role/${role.arn.replace(/^.*\//, "")}/session`,
    policies:
      role.permissions.policy.Statement.length === 0 ? [] : [{ name: who, policy: role.permissions.policy }],
    context: { ...human, "aws:PrincipalAccount": account },
  };
}

function trustOf(stacks: readonly Account[], arn: string): Document | undefined {
  return stacks.flatMap(({ roles }) => roles).find((role) => role.arn === arn)?.trust;
}

function reasons(analysis: RequestAnalysis, role: string, resource: string | undefined): string[] {
  return [...getGrantReasons(analysis), ...getDenialReasons(analysis)].flatMap((reason) => {
    const sid = "statementId" in reason ? reason.statementId : undefined;
    if (sid === undefined) return [];
    return [`${reason.policyType === "resource" ? String(resource) : role}: ${sid}`];
  });
}

function accountOf(arn: string): string {
  return /^arn:aws:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):/.exec(arn)?.[1] ?? account;
}

/**
 * The simulator ignores condition keys with a variable part after a colon (`kms:EncryptionContext:aws:logs:arn`), although
 * it evaluates those with one after a slash. They are given to it under such a name, in policies and request alike.
 */
function withTranslatedKeys(simulation: Simulation): Simulation {
  return JSON.parse(JSON.stringify(simulation).replaceAll(...translation)) as Simulation;
}

function translated(context: Context): Context {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [`"${key}`.replace(...translation).slice(1), value]),
  );
}

const translation = ['"kms:EncryptionContext:', '"aws:PrincipalTag/kms:EncryptionContext:'] as const;
