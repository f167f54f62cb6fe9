import pc from "picocolors";
import type { Report } from "./build.ts";
import type { Kind } from "./changes.ts";
import { costText, countsText, lossText, NOT_JUDGED, propertyText, signed, verbs, verdict } from "./words.ts";

const colours: Readonly<Record<Kind, (text: string) => string>> = {
  delete: pc.red,
  replace: pc.magenta,
  create: pc.green,
  import: pc.green,
  update: pc.yellow,
  read: pc.dim,
};
const levels: Readonly<Record<string, (text: string) => string>> = {
  mandatory: pc.red,
  waits: pc.yellow,
  advisory: pc.yellow,
  exempt: pc.cyan,
};

/** What a person reads on a terminal. */
export function asText(report: Report): string {
  const { stack, against, errors, losses, components, policies, cost, network, notes } = report;
  const sections: (readonly string[])[] = [
    [pc.bold(`${stack}: ${countsText(report)}; ${verdict(report)}`), `against ${against}`],
    errors.length === 0
      ? []
      : [title("The engine would refuse this"), ...errors.map((text) => indent(pc.red(text)))],
    losses.length === 0
      ? []
      : [
          pc.red(pc.bold("DATA WOULD BE LOST")),
          ...losses.map((change) =>
            indent(`${pc.bold(change.resource)} in ${change.component} ${lossText(change)}`),
          ),
        ],
    ...components.map(({ component, changes }) => [
      title(component),
      ...changes.flatMap(({ kind, resource, kept, loses, properties }) => [
        indent(
          `${colours[kind](verbs[kind].padEnd(8))} ${resource}${loses === undefined ? "" : pc.red(" (data is lost)")}${kept ? pc.dim(" (stays in AWS)") : ""}`,
        ),
        ...properties.map((property) => indent(indent(pc.dim(propertyText(property))))),
      ]),
    ]),
    policies === undefined
      ? [title(NOT_JUDGED)]
      : [
          title(`Policies: ${policies.summary} (${policies.rules} rules)`),
          ...policies.findings.map(({ level, rule, message }) =>
            indent(
              `${(levels[level] ?? String)(level.padEnd(9))} ${rule}\n  ${message.replaceAll("\n", "\n    ")}`,
            ),
          ),
          ...policies.exemptions.map(({ message }) => indent(pc.cyan(message))),
        ],
    cost === undefined
      ? []
      : [
          title("Cost"),
          indent(cost.isOver ? pc.red(costText(cost)) : costText(cost)),
          ...cost.lines.map(({ resource, what, difference }) =>
            indent(`${signed(difference).padStart(14)}  ${resource}: ${what}`),
          ),
          ...cost.unpriced.map((text) => indent(pc.red(`without a price: ${text}`))),
        ],
    network === undefined
      ? []
      : [
          title(network.changes.length === 0 ? `Network: as it is, ${network.ways} ways` : "Network"),
          ...network.changes.map(({ kind, from, to, port, reason, fromInternet }) =>
            indent(
              (kind === "closed" ? pc.dim : fromInternet ? pc.red : pc.green)(
                `${kind} ${from} → ${to} ${port}  ${reason}`,
              ),
            ),
          ),
          ...network.problems.map((text) => indent(pc.red(text))),
        ],
    notes.map((note) => pc.dim(note)),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function title(text: string): string {
  return pc.bold(text);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
