import { code, type GeneratedPage, table } from "../../scripts/generated-page.ts";
import { defaultRegion as region } from "../../stacks/config/region.ts";
import { type Scale, scales } from "../../stacks/environments.ts";
import { Account, additions, type Document, type PolicyStatement } from "./account.ts";
import { account } from "./aws-names.ts";
import { outsiders } from "./outsiders.ts";
import { isUnbound, nameOf, type Placed, statementsOf, unboundReason, wildcardsOf } from "./review.ts";
import type { Context } from "./simulate.ts";
import { noRole, roles, type RoleRows } from "./table.ts";

/** The environment that the page shows: the one with everything turned on. */
const environment = "production";

export const permissionsPage: GeneratedPage = {
  page: new URL("../../docs/permissions.md", import.meta.url),
  command: "npm run docs:permissions",
  layout: "cells",
  render: async () => {
    const stacks: Account[] = [];
    for (const scale of scales) stacks.push(await Account.of(environment, scale, additions[environment]));
    return [
      introduction,
      "## Roles",
      ...roles.map((rows) => roleSection(rows, stacks)),
      "## Policies on resources",
      ...resourceSections(stacks),
      "## Every `*`, and why",
      wildcardTable(stacks),
      "## Services that nothing binds to this account, and why",
      unboundTable(stacks),
      "## As simulated",
      simulatedTable(),
    ].join("\n\n");
  },
};

const introduction = `# Permissions

Every role and every policy on a resource that the program makes, as production has them; the other environments' differ in
names alone. \`npm run docs:permissions\` writes this page; a test compares it with the program.

\`{key shared}\` stands for the ARN of the stack's KMS key of that logical name, \`{other key shared}\` for the same of another
environment in the same account, \`{every bucket}\` for each bucket of the stack, \`{stranger}\` for an account that has nothing to
do with it. The tables "as simulated" are \`tests/iam/table.ts\` and \`tests/iam/outsiders.ts\`: a simulator of IAM is asked about
every row, over the very documents that the program makes, in both directions between staging and production. For each
allowed row it is also asked about the same request without each of its condition keys, and about the other
environment's resource of that name: both must be denied. A role without rows, an action without an allowed row and a statement
that no row hangs on fail the test.`;

function roleSection({ role, trust: [service, context] }: RoleRows, stacks: readonly Account[]): string {
  const makers = stacks.filter((stack) => stack.role(role));
  const found = makers[0]?.role(role);
  if (!found) throw new Error(`No stack makes the role ${role}.`);
  const from = context ? `, ${under(context)}` : "";
  const tables = Map.groupBy(makers, (maker) =>
    statementTable(maker.role(role)?.permissions ?? found.permissions, [maker]),
  );
  const assumed = `${found.description}. At ${makers.map(({ scale }) => scale).join(" and ")} scale. Assumed by ${code(service)}${from}.`;
  const [only] = tables.keys();
  return [
    `### \`${role}\``,
    assumed,
    ...(tables.size === 1
      ? [only ?? ""]
      : [...tables].flatMap(([text, at]) => [
          `At ${at.map(({ scale }) => scale).join(" and ")} scale:`,
          text,
        ])),
  ].join("\n\n");
}

/** Resources with the same policy but for their own names share a section. */
function resourceSections(stacks: readonly Account[]): string[] {
  const sections = new Map<string, { titles: Set<string>; scales: Set<Scale> }>();
  for (const stack of stacks)
    for (const document of stack.resourcePolicies) {
      const text = statementTable(document, [stack]).replaceAll(`{${document.title}}`, "{itself}");
      const { titles, scales: at } = sections.get(text) ?? { titles: new Set(), scales: new Set() };
      sections.set(text, { titles: titles.add(document.title), scales: at.add(stack.scale) });
    }
  return [...sections]
    .sort(([, one], [, other]) => [...one.titles].join().localeCompare([...other.titles].join()))
    .map(([text, { titles, scales: at }]) => {
      const names = [...titles].sort().map((title) => `\`${title}\``);
      return [`### ${names.join(", ")}`, `At ${[...at].join(" and ")} scale.`, text].join("\n\n");
    });
}

function statementTable({ policy }: Document, stacks: readonly Account[]): string {
  const hasPrincipals = policy.Statement.some(({ Principal }) => Principal);
  return table(
    ["Statement", ...(hasPrincipals ? ["Who"] : []), "Actions", "Resources", "Under"],
    policy.Statement.map((statement) => [
      `${statement.Sid}${statement.Effect === "Deny" ? " (denies)" : ""}`,
      ...(hasPrincipals ? [codes(Object.values(statement.Principal ?? {}).flat(), stacks)] : []),
      codes([statement.Action].flat(), stacks),
      codes([statement.Resource ?? []].flat(), stacks),
      conditions(statement, stacks),
    ]),
  );
}

function wildcardTable(stacks: readonly Account[]): string {
  const rows = statementsOf(stacks).filter(({ statement }) => wildcardsOf(statement).length > 0);
  return sortedTable(
    ["Where", "What", "Why"],
    rows.map(({ document, statement }) => [
      code(nameOf({ document, statement })),
      codes(
        wildcardsOf(statement).map((text) => named(text, stacks).replace(`{${document.title}}`, "{itself}")),
        stacks,
      ),
      document.wildcardReasons[statement.Sid] ?? "",
    ]),
  );
}

function unboundTable(stacks: readonly Account[]): string {
  const rows = statementsOf(stacks).filter(({ statement }) => isUnbound(statement));
  return sortedTable(
    ["Where", "Who", "Why"],
    rows.map((placed: Placed) => [
      code(nameOf(placed)),
      codes([placed.statement.Principal?.["Service"] ?? []].flat(), stacks),
      unboundReason(placed) ?? "",
    ]),
  );
}

/** All rows of the tests' tables; those that differ in their action alone are one. */
function simulatedTable(): string {
  const rows = [
    ...roles.flatMap(({ role, rows: own }) => own.map((row) => [code(role), ...row] as const)),
    ...noRole.map(([...row]) => ["every role", "denied", ...row] as const),
    ...outsiders.map(([verdict, who, ...row]) => [who, verdict, ...row] as const),
  ];
  const joined = grouped(
    rows.map(([who, verdict, action, resource, context]) => [
      code(action),
      who,
      code(resource),
      under(context),
      verdict,
    ]),
  );
  return table(
    ["Who", "Actions", "Resource", "Under", "Answer"],
    joined.map(([actions = "", who = "", ...rest]) => [who, actions, ...rest]),
  );
}

/** Rows that differ in their first cell alone become one. */
function grouped(rows: readonly (readonly string[])[]): string[][] {
  const firsts = new Map<string, Set<string>>();
  for (const [first = "", ...rest] of rows) {
    const key = JSON.stringify(rest);
    firsts.set(key, (firsts.get(key) ?? new Set()).add(first));
  }
  return [...firsts].map(([rest, names]) => [
    [...names].sort().join(", "),
    ...(JSON.parse(rest) as string[]),
  ]);
}

function sortedTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return table(
    head,
    grouped(rows).sort(([one = ""], [other = ""]) => one.localeCompare(other)),
  );
}

function conditions({ Condition = {} }: PolicyStatement, stacks: readonly Account[]): string {
  return Object.entries(Condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) => `${operator} ${code(key)} ${codes([values].flat(), stacks)}`,
      ),
    )
    .join(", ");
}

function under(context: Context = {}): string {
  return Object.entries(context)
    .map(([key, value]) => `${code(key)} = ${code(value)}`)
    .join(", ");
}

function codes(texts: readonly string[], stacks: readonly Account[]): string {
  return texts.map((text) => code(named(text, stacks))).join(", ");
}

/** An ARN by what it stands for. */
function named(text: string, stacks: readonly Account[]): string {
  const arns = stacks
    .flatMap((stack) => [...stack.arns])
    .sort(([, one], [, other]) => other.length - one.length);
  const known = arns.find(([, arn]) => text.startsWith(arn));
  const placed = known ? text.replace(known[1], `{${known[0]}}`) : text;
  return placed
    .replaceAll(account, "{account}")
    .replaceAll(`:${region}:`, ":{region}:")
    .replaceAll(`.${region}.`, ".{region}.");
}
