import { isRefused, type Report } from "./build.ts";
import type { Change } from "./changes.ts";
import { style } from "./style.ts";
import { undrawnText } from "./topology.ts";
import {
  costText,
  countsText,
  lossText,
  money,
  NOT_JUDGED,
  plural,
  signed,
  valuesText,
  verbs,
  verdict,
} from "./words.ts";

/** The report as one page: nothing is fetched, light and dark, for desks and phones. */
export function asHtml(report: Report): string {
  const { stack, against, notes } = report;
  const state = report.losses.length > 0 || isRefused(report) ? "bad" : "good";
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    // Whatever a value holds, the page runs and fetches nothing.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    '<link rel="icon" href="data:,">',
    `<title>${escape(stack)}: ${escape(verdict(report))}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    `<header class="${state}"><h1>${escape(stack)}: ${escape(verdict(report))}</h1>`,
    `<p>${escape(countsText(report))}. Against ${escape(against)}.</p></header>`,
    "<main>",
    ...loud(report),
    section("Changes", changes(report)),
    section("Policies", policies(report)),
    section("Cost", cost(report)),
    section("Network", network(report)),
    section("Topology", topology(report)),
    ...(notes.length > 0
      ? [
          section(
            "About this report",
            notes.map((note) => `<p>${escape(note)}</p>`),
          ),
        ]
      : []),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `<section><h2>${title}</h2>\n${lines.join("\n")}\n</section>`;
}

function loud({ errors, losses }: Report): string[] {
  const alert = (title: string, items: readonly string[]): string[] =>
    items.length === 0
      ? []
      : [
          `<section class="alert" role="alert"><h2>${title}</h2><ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul></section>`,
        ];
  return [
    ...alert(
      `Data would be lost with ${plural(losses.length, "resource")}`,
      losses.map(
        (change) =>
          `<strong>${escape(change.resource)}</strong> in ${escape(change.component)} ${escape(lossText(change))}`,
      ),
    ),
    ...alert(
      "The engine would refuse this",
      errors.map((error) => `<span class="said">${escape(error)}</span>`),
    ),
  ];
}

function changes({ components }: Report): string[] {
  if (components.length === 0) return ["<p>Nothing changes.</p>"];
  return components.map(
    ({ component, changes: own }) =>
      `<details open><summary>${escape(component)} <span class="quiet">${plural(own.length, "change")}</span></summary>\n${own.map(change).join("\n")}\n</details>`,
  );
}

function change({ kind, resource, loses, kept, properties }: Change): string {
  const more = [...(loses === undefined ? [] : ["data is lost"]), ...(kept ? ["stays in AWS"] : [])];
  const rows = properties.map(({ path, replaces, ...values }) => [
    `<code>${escape(path)}</code>${replaces ? ' <strong class="replace">forces the replacement</strong>' : ""}`,
    `<code>${escape(valuesText(values))}</code>`,
  ]);
  return [
    `<div class="change"><p><span class="kind ${kind}">${verbs[kind]}</span> <strong>${escape(resource)}</strong>${more.length === 0 ? "" : ` <em>${more.join(", ")}</em>`}</p>`,
    rows.length === 0 ? "" : table(["Property", "Value"], rows),
    "</div>",
  ].join("\n");
}

function policies({ policies: found }: Report): string[] {
  if (!found) return [`<p class="over">${NOT_JUDGED}</p>`];
  const { rules, summary, findings, exemptions } = found;
  const rows = findings.map(({ level, severity, rule, message }) => [
    `<span class="level ${level}">${level}</span>`,
    severity,
    `<code>${escape(rule)}</code>`,
    `<span class="said">${escape(message)}</span>`,
  ]);
  return [
    `<p>${rules} rules: ${escape(summary)}.</p>`,
    ...(rows.length > 0 ? [table(["Level", "Severity", "Rule", "Finding"], rows)] : []),
    ...(exemptions.length > 0
      ? [
          `<h3>Exemptions</h3><ul>${exemptions.map(({ level, message }) => `<li><span class="level ${level}">${level}</span> ${escape(message)}</li>`).join("")}</ul>`,
        ]
      : []),
  ];
}

function cost({ cost: found }: Report): string[] {
  if (!found) return [];
  const rows = found.lines.map(({ resource, what, kind, before, after, difference }) => [
    `<code>${escape(resource)}</code>`,
    `${escape(what)} <span class="quiet">${kind}</span>`,
    money(before),
    money(after),
    signed(difference),
  ]);
  return [
    `<p${found.isOver ? ' class="over"' : ""}>${escape(costText(found))}</p>`,
    ...(rows.length > 0 ? [table(["Resource", "What", "Before", "After", "A month"], rows)] : []),
    ...found.unpriced.map((gap) => `<p class="over">Without a price: ${escape(gap)}</p>`),
  ];
}

function network({ network: found }: Report): string[] {
  if (!found) return [];
  const { ways, changes: all, problems } = found;
  const rows = all.map(({ kind, from, to, port, reason, fromInternet }) => [
    `<span class="kind ${kind === "closed" ? "delete" : fromInternet ? "replace" : "create"}">${kind}</span>`,
    escape(from),
    escape(to),
    escape(port),
    escape(reason),
  ]);
  return [
    rows.length === 0
      ? `<p>Who reaches whom stays as it is: ${plural(ways, "way")}.</p>`
      : table(["", "From", "To", "Port", "Why"], rows),
    ...problems.map((problem) => `<p class="over">${escape(problem)}</p>`),
  ];
}

function topology({ topology: { svg, undrawn } }: Report): string[] {
  const missing = undrawnText(undrawn);
  return [
    '<p>Framed is what changes: <span class="kind create">created</span> <span class="kind update">updated</span> <span class="kind replace">replaced</span> <span class="kind delete">deleted</span></p>',
    `<div class="wide picture" tabindex="0" role="region" aria-label="The topology" style="--least: ${leastWidth(svg)}px">${svg}</div>`,
    ...(missing === "" ? [] : [`<p>${escape(missing)}</p>`]),
  ];
}

/** Below three quarters of a picture's own width nobody can read it: then it scrolls. */
function leastWidth(svg: string): number {
  return Math.ceil(Number(/ width="(\d+)"/.exec(svg)?.[1] ?? 0) * 0.75);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="wide" tabindex="0" role="region" aria-label="${escape(head.filter((one) => one !== "").join(", "))}"><table><thead>${cells("th", head)}</thead><tbody>${rows.map((row) => cells("td", row)).join("\n")}</tbody></table></div>`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
