import { code, table, type GeneratedPage } from "../../scripts/generated-page.ts";
import type { Environment, Scale } from "../../stacks/environments.ts";
import { made } from "../stacks/made.ts";
import { given, type Given } from "../stacks/program.ts";
import {
  endName,
  type Group,
  internet,
  type Matrix,
  matrixOf,
  type Way,
} from "../../scripts/network/matrix.ts";

/** A network that a stack can have. */
interface Scenario {
  title: string;
  scale: Scale;
  /** Configuration beyond the least. */
  more: Given;
  /** A scenario of which most stands here too. */
  beside?: Scenario;
}

export const enterprise: Scenario = { title: "Enterprise", scale: "enterprise", more: {} };
const withEndpoints: Scenario = {
  title: "Enterprise with `network.interfaceEndpoints`",
  scale: "enterprise",
  more: { network: JSON.stringify({ interfaceEndpoints: true }) },
  beside: enterprise,
};
const hobby: Scenario = { title: "Hobby", scale: "hobby", more: {} };
const retained: Scenario = {
  title: "Hobby with `retainEnterpriseData`",
  scale: "hobby",
  more: { retainEnterpriseData: "true" },
};
export const scenarios: readonly Scenario[] = [enterprise, withEndpoints, hobby, retained];

const evaluated = new Map<string, Promise<Matrix>>();

/** The matrix of a scenario in an environment; each is evaluated once. */
export function evaluateMatrix(
  { title, scale, more }: Scenario,
  environment: Environment = "production",
): Promise<Matrix> {
  const key = `${environment}: ${title}`;
  const matrix =
    evaluated.get(key) ?? made({ ...given(environment, scale), ...more }, environment).then(matrixOf);
  evaluated.set(key, matrix);
  return matrix;
}

export const networkPage: GeneratedPage = {
  page: new URL("../../docs/network.md", import.meta.url),
  command: "npm run docs:network",
  layout: "columns",
  render: async () => {
    const sections: string[] = [];
    for (const scenario of scenarios) {
      const matrix = await evaluateMatrix(scenario);
      const { title, beside } = scenario;
      sections.push(
        `## ${title}`,
        beside ? differences(matrix, await evaluateMatrix(beside)) : section(matrix),
      );
    }
    return [introduction, ...sections].join("\n\n");
  },
};

const introduction = `# Network

Who reaches whom, on which port and why, as the security groups and access lists of the program have it, the same in every
environment. What no table shows is closed. \`npm run docs:network\` writes this page; a test compares it with the program.

Every way between two groups is made by \`connect(...)\`: the one's rule out and the other's rule in, both with the reason as
their description. Groups have no rules besides, and the VPC's default group has none.`;

function section(matrix: Matrix): string {
  if (matrix.groups.length === 0) return "No VPC: Lambda, API Gateway and CloudFront are AWS's own network.";
  return [
    grid(matrix),
    "Why:",
    matrix.ways.length === 0 ? "Nothing reaches anything." : waysTable(matrix.ways),
    "Who wears which group, in which subnets:",
    groupsTable(matrix.groups),
    "What the access list of the isolated subnets lets through; the addresses are those of the private subnets:",
    table(
      ["Direction", "Addresses", "Port"],
      matrix.acl.map(({ direction, addresses, port }) => [direction, addresses, port]),
    ),
  ].join("\n\n");
}

/** What a matrix has that another has not, and the reverse. */
function differences(matrix: Matrix, beside: Matrix): string {
  const without = <T>(items: readonly T[], others: readonly T[]): T[] => {
    const known = new Set(others.map((item) => JSON.stringify(item)));
    return items.filter((item) => !known.has(JSON.stringify(item)));
  };
  const [ways, groups] = [without(matrix.ways, beside.ways), without(matrix.groups, beside.groups)];
  const closed = without(beside.ways, matrix.ways);
  return [
    "In addition:",
    waysTable(ways),
    groupsTable(groups),
    ...(closed.length > 0 ? ["Closed in turn:", waysTable(closed)] : []),
  ].join("\n\n");
}

function waysTable(ways: readonly Way[]): string {
  return table(
    ["From", "To", "Port", "Description of the rules"],
    ways.map(({ from, to, port, reason }) => [endName(from), endName(to), port, reason]),
  );
}

function groupsTable(groups: readonly Group[]): string {
  return table(
    ["Group", "What it is", "Worn by", "Subnets"],
    groups.map(({ name, description, worn, tiers }) => [
      code(name),
      description,
      worn.join(", "),
      tiers.join(", "),
    ]),
  );
}

/** The matrix itself: from the rows to the columns. */
export function grid({ groups, ways }: Matrix): string {
  const names = ways.flatMap(({ from, to }) => [endName(from), endName(to)]);
  const ends = [
    ...new Set([...names.filter((name) => name === internet), ...groups.map(({ name }) => name)]),
  ];
  const cell = (from: string, to: string): string =>
    ways
      .filter((way) => endName(way.from) === from && endName(way.to) === to)
      .map(({ port }: Way) => port)
      .join(", ");
  return table(
    ["From \\ to", ...ends],
    ends.map((from) => [from, ...ends.map((to) => (from === to ? "-" : cell(from, to)))]),
  );
}
