import { expand, expandContext } from "./expand.ts";
import type { Account } from "./account.ts";
import { outsiders } from "./outsiders.ts";
import { type Context, decide, type Decision, type Request, type Verdict } from "./simulate.ts";
import { noRole, roles, type RoleRows } from "./table.ts";

/** One request of the table, or one that follows from a row of it. */
export interface Question extends Request {
  expected: Verdict;
  /** The part of the table: what a role may do, who may assume it, what others may do. */
  part: "role" | "trust" | "outsider";
  /** The role that it is about, where it is about one. */
  role?: string;
  /** Whether it must have been asked of some stack, or only where its resource exists. */
  isRow: boolean;
}

/** A question about one stack, with what AWS answers. */
export interface Answer extends Question, Decision {
  stack: Account;
}

/** A question in words, placeholders and all. */
export function inWords({ expected, who, action, resource, context }: Question): string {
  const under = Object.entries(context).map(([key, value]) => ` ${key}=${value}`);
  return `${expected}: ${who} ${action} ${resource}${under.join("")}`;
}

/** All questions. */
export const questions: readonly Question[] = [
  ...roles.flatMap(({ role, rows }) => [
    ...rows.map(([expected, action, resource, context = {}]): Question => ({
      ...{ part: "role", role, who: role, expected, action, resource, context, isRow: true },
    })),
    ...noRole.map(([action, resource, context = {}]): Question => ({
      ...{ part: "role", role, who: role, expected: "denied", action, resource, context, isRow: false },
    })),
  ]),
  ...roles.flatMap(trustQuestions),
  ...outsiders.map(([expected, who, action, resource, context = {}]): Question => ({
    ...{ part: "outsider", who, expected, action, resource, context, isRow: true },
  })),
].flatMap((question) => [question, ...derived(question)]);

/** Asks a question of one stack: once for each resource that it stands for. */
export async function ask(question: Question, own: Account, other: Account): Promise<Answer[]> {
  if (question.part === "role" && !own.role(question.who)) return [];
  const [who = ""] = expand(question.who, own, other);
  const context = expandContext(question.context, own, other);
  if (context === undefined) return [];
  return Promise.all(
    expand(question.resource, own, other).map(async (resource) => {
      const decision = await decide(own, [other], { ...question, who, resource, context });
      return { ...question, ...decision, stack: own };
    }),
  );
}

/** Its service may assume a role, and nobody else: no other service, nobody of this account, nobody of another. */
function trustQuestions({ role, trust: [service, context = {}] }: RoleRows): Question[] {
  const asked = (who: string, expected: Verdict, under: Context): Question => ({
    ...{
      part: "trust",
      role,
      who,
      expected,
      action: "sts:AssumeRole",
      resource: `{role ${role}}`,
      isRow: true,
    },
    context: under,
  });
  return [
    asked(service, "allowed", context),
    asked("ec2.amazonaws.com", "denied", context),
    asked("administrator", "denied", {}),
    asked("stranger", "denied", {}),
    // The confused deputy: the same service on behalf of another account.
    ...Object.entries(context)
      .filter(([, value]) => value.includes("{account}"))
      .map(([key, value]) =>
        asked(service, "denied", { ...context, [key]: value.replace("{account}", "{stranger}") }),
      ),
  ];
}

/** What must be denied if an allowed row is as narrow as it looks. */
function derived(question: Question): Question[] {
  const { expected, part, resource, context } = question;
  if (expected === "denied") return [];
  const denied = { ...question, expected: "denied" as const, isRow: false };
  const unconditional = Object.keys(context).map((dropped) => ({
    ...denied,
    context: Object.fromEntries(Object.entries(context).filter(([key]) => key !== dropped)),
  }));
  const elsewhere =
    part === "role" && /^\{[a-z-]+ /.test(resource)
      ? [{ ...denied, resource: resource.replace("{", "{other ") }]
      : [];
  return [...unconditional, ...elsewhere];
}
