import { isRefused, type Report } from "./build.ts";
import type { Change } from "./changes.ts";
import { undrawnText } from "./topology.ts";
import {
  costText,
  countsText,
  lossText,
  NOT_JUDGED,
  plural,
  signed,
  valuesText,
  verbs,
  verdict,
} from "./words.ts";

/** GitHub refuses a longer comment (its API: "body is too long, maximum is 65536 characters"); some room is left. */
export const COMMENT_LIMIT = 65_000;
/** More of one kind help nobody in a comment. */
const MOST_LOUD = 60;

/** A part of the comment in its lengths, the longest first; the last one stays whatever happens. */
interface Section {
  /** How it is called where it is cut. */
  readonly name: string;
  readonly lengths: readonly string[];
  /** What is cut first has the highest number. */
  readonly quietness: number;
}

/** The comment under a pull request: loud parts first, and whole as long as possible. */
export function asMarkdown(report: Report, limit = COMMENT_LIMIT): string {
  const sections = sectionsOf(report);
  const cut = new Map<Section, number>(sections.map((section) => [section, 0]));
  const textOf = (section: Section): string => section.lengths[cut.get(section) ?? 0] ?? "";
  const whole = (): string => {
    const shortened = sections.filter((section) => cut.get(section) !== 0).map(({ name }) => name);
    const pointer =
      shortened.length === 0
        ? ""
        : `> [!NOTE]\n> Too long for a comment: ${shortened.join(", ")} are shortened. All of it is in \`report.html\`, among this run's artifacts.`;
    const parts = [...sections.map(textOf), pointer].filter((text) => text !== "");
    return `${parts.join("\n\n")}\n`;
  };
  const shorten = sections.toSorted((one, other) => other.quietness - one.quietness);
  // From the quietest to the loudest, and each through all its lengths before the next one loses anything.
  for (const section of shorten) {
    for (let at = 1; at < section.lengths.length; at += 1) {
      if (whole().length <= limit) return whole();
      cut.set(section, at);
    }
  }
  return whole();
}

function sectionsOf(report: Report): Section[] {
  const { stack, against, notes } = report;
  const icon = report.losses.length > 0 ? "🛑" : isRefused(report) ? "⛔" : "✅";
  const heading = `## ${icon} ${plain(stack)}: ${verdict(report)}\n\n${countsText(report)}. Against ${plain(against)}.`;
  return [
    fixed(heading),
    loud(report),
    changes(report),
    policies(report),
    cost(report),
    network(report),
    topology(report),
    fixed(notes.map((note) => `<sub>${plain(note)}</sub>`).join("\n")),
  ];
}

function fixed(text: string): Section {
  return { name: "", lengths: [text], quietness: -1 };
}

/** What must not be overlooked. */
function loud({ errors, losses }: Report): Section {
  const alert = (head: string, lines: readonly string[], most: number): string => {
    if (lines.length === 0) return "";
    const shown = lines.slice(0, most);
    const rest = lines.length - shown.length;
    const more = rest === 0 ? [] : [`- and ${rest} more, in \`report.html\``];
    return [`> [!CAUTION]`, `> **${head}**`, ">", ...[...shown, ...more].map((line) => `> ${line}`)].join(
      "\n",
    );
  };
  const text = (most: number): string =>
    [
      alert(
        `Data would be lost with ${plural(losses.length, "resource")}`,
        losses.map(
          (change) =>
            `- **${plain(change.resource)}** in ${plain(change.component)} ${plain(lossText(change))}`,
        ),
        most,
      ),
      alert(
        "The engine would refuse this",
        errors.map((error) => `- ${plain(shortened(error, 1000))}`),
        most,
      ),
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  return { name: "the warnings", lengths: [text(MOST_LOUD), text(10)], quietness: 0 };
}

function changes({ components }: Report): Section {
  if (components.length === 0) return fixed("");
  const text = (show: (change: Change) => string): string =>
    [
      "### Changes",
      ...components.map(({ component, changes: own }) =>
        [`**${plain(component)}**`, "", ...own.map((change) => `- ${show(change)}`)].join("\n"),
      ),
    ].join("\n\n");
  const line = ({ kind, resource, loses, kept }: Change): string =>
    `${symbols[kind]} ${verbs[kind]} **${plain(resource)}**${loses === undefined ? "" : ", data is lost"}${kept ? ", stays in AWS" : ""}`;
  const withProperties = (most: number) => (change: Change) => {
    const shown = change.properties.slice(0, most);
    const rest = change.properties.length - shown.length;
    return [
      line(change),
      ...shown.map(
        ({ path, replaces, ...values }) =>
          `  - ${code(path)}: ${code(valuesText(values))}${replaces ? " **forces the replacement**" : ""}`,
      ),
      ...(rest > 0 ? [`  - and ${rest} more`] : []),
    ].join("\n");
  };
  const isQuiet = ({ kind }: Change): boolean => kind === "update" || kind === "create" || kind === "read";
  const countsOnly = [
    "### Changes",
    ...components.map(({ component, changes: own }) => {
      const quiet = own.filter(isQuiet).length;
      const shown = own.filter((change) => !isQuiet(change)).map((change) => `- ${line(change)}`);
      return [
        `**${plain(component)}**`,
        "",
        ...shown,
        ...(quiet > 0 ? [`- ${quiet} created or updated`] : []),
      ].join("\n");
    }),
  ].join("\n\n");
  const summary = `### Changes\n\n${components
    .slice(0, 200)
    .map(({ component, changes: own }) => `- **${plain(component)}**: ${plural(own.length, "change")}`)
    .join("\n")}`;
  return {
    name: "the changes",
    lengths: [text(withProperties(Infinity)), text(withProperties(5)), text(line), countsOnly, summary],
    quietness: 2,
  };
}

const symbols = {
  delete: "🔴",
  replace: "🟠",
  create: "🟢",
  import: "🟢",
  update: "🔵",
  read: "⚪",
} as const;

function policies({ policies: found }: Report): Section {
  if (!found) return fixed(`### Policies\n\n${NOT_JUDGED}`);
  const { rules, summary, findings, exemptions } = found;
  const text = (most: number, length: number): string => {
    const isBroken = (level: string): boolean => level === "mandatory";
    const shown = findings.slice(0, most);
    const rest = findings.length - shown.length;
    const rows = shown.map(
      ({ level, severity, rule, message }) =>
        `| ${isBroken(level) ? "⛔ mandatory" : level} | ${severity} | ${code(rule)} | ${plain(shortened(message, length))} |`,
    );
    const table =
      rows.length === 0 ? [] : ["| Level | Severity | Rule | Finding |\n| --- | --- | --- | --- |", ...rows];
    return [
      `### Policies\n\n${rules} rules: ${summary}.`,
      ...(table.length > 0 ? [table.join("\n")] : []),
      ...(rest > 0 ? [`And ${rest} more.`] : []),
      ...(exemptions.length > 0
        ? [
            exemptions
              .slice(0, most)
              .map(
                ({ level, message }) =>
                  `- ${isBroken(level) ? "⛔ " : ""}${plain(shortened(message, length))}`,
              )
              .join("\n"),
          ]
        : []),
    ].join("\n\n");
  };
  return { name: "the policies", lengths: [text(200, 2000), text(60, 500), text(20, 200)], quietness: 1 };
}

function cost({ cost: found }: Report): Section {
  if (!found) return fixed("");
  const text = (most: number): string => {
    const rows = found.lines
      .slice(0, most)
      .map(
        ({ resource, what, before, after, difference }) =>
          `| ${code(resource)} | ${plain(what)} | ${before.max.toFixed(2)} | ${after.max.toFixed(2)} | ${signed(difference)} |`,
      );
    const rest = found.lines.length - rows.length;
    return [
      `### Cost\n\n${found.isOver ? "⛔ " : ""}${plain(costText(found))}`,
      ...(rows.length > 0
        ? [
            [
              "| Resource | What | Before | After | A month |",
              "| --- | --- | ---: | ---: | ---: |",
              ...rows,
            ].join("\n"),
          ]
        : []),
      ...(rest > 0 && most > 0 ? [`And ${plural(rest, "line")} more.`] : []),
      ...found.unpriced.slice(0, most + 5).map((gap) => `- ⛔ without a price: ${plain(gap)}`),
    ].join("\n\n");
  };
  return { name: "the cost", lengths: [text(100), text(15), text(0)], quietness: 4 };
}

function network({ network: found }: Report): Section {
  if (!found) return fixed("");
  const { ways, changes: all, problems } = found;
  const text = (most: number): string => {
    if (all.length === 0 && problems.length === 0)
      return `### Network\n\nWho reaches whom stays as it is: ${plural(ways, "way")}.`;
    const rows = all
      .slice(0, most)
      .map(
        ({ kind, from, to, port, reason, fromInternet }) =>
          `| ${kind === "opened" ? (fromInternet ? "🛑 opened" : "🟢 opened") : "🔴 closed"} | ${plain(from)} | ${plain(to)} | ${plain(port)} | ${plain(reason)} |`,
      );
    const rest = all.length - rows.length;
    return [
      "### Network",
      ...(rows.length > 0
        ? [["| | From | To | Port | Why |", "| --- | --- | --- | --- | --- |", ...rows].join("\n")]
        : []),
      ...(rest > 0 ? [`And ${rest} more.`] : []),
      ...problems.slice(0, most).map((problem) => `- ⛔ ${plain(problem)}`),
    ].join("\n\n");
  };
  return { name: "the network", lengths: [text(200), text(30)], quietness: 3 };
}

function topology({ topology: { mermaid, undrawn } }: Report): Section {
  const missing = undrawnText(undrawn);
  const picture = [
    "### Topology",
    `<details>\n<summary>What changes is framed: green created, blue updated, orange replaced, red deleted</summary>\n\n\`\`\`mermaid\n${mermaid}\n\`\`\`\n\n</details>`,
    ...(missing === "" ? [] : [plain(missing)]),
  ].join("\n\n");
  return {
    name: "the picture",
    lengths: [picture, "### Topology\n\nThe picture is `topology.svg`, among this run's artifacts."],
    quietness: 5,
  };
}

/** Text that Markdown takes literally, and that calls nobody by their name. */
function plain(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]|~#]/g, "\\$&")
    .replaceAll(/@(?=\w)/g, "@\u200b")
    .replaceAll(/\s*\n\s*/g, "<br>");
}

function code(text: string): string {
  const entities = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("|", "&#124;");
  return `<code>${entities.replaceAll(/[`*_[\]~\\]/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll("\n", " ")}</code>`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
