import type { About } from "../core/rule.ts";
import { message } from "../core/verdict.ts";
import type { Assessment } from "./assess.ts";

/** For a pull request: what is broken first, what waits and what is exempt below. */
export function markdown(assessments: readonly Assessment[]): string {
  return assessments
    .map(({ stack, resources, rules, judged, notes }) => {
      const counts = count(judged);
      const rows = judged
        .filter(({ standing }) => standing !== "proven")
        .map(
          (verdict) =>
            `| ${verdict.outcome === "fail" ? verdict.standing : `unproven, ${verdict.standing}`} | ${verdict.rule.severity} | \`${verdict.rule.name}\` | ${cell(message(verdict))} |`,
        );
      const table =
        rows.length === 0
          ? "Nothing to look at."
          : ["| Level | Severity | Rule | Finding |", "| --- | --- | --- | --- |", ...rows].join("\n");
      const told = notes.map(({ rule, message: text }) => `- ${rule.name}: ${cell(text)}`);
      return [
        `## Policies: ${stack}`,
        `${rules.length} rules, ${resources} resources: ${counts}`,
        table,
        ...(told.length > 0 ? [told.join("\n")] : []),
      ].join("\n\n");
    })
    .join("\n\n")
    .concat("\n");
}

/** `2 mandatory, 1 advisory, 4 exempt, 31 proven` */
export function count(judged: Assessment["judged"]): string {
  const standings = ["mandatory", "advisory", "exempt", "proven"] as const;
  const counts = standings
    .map((standing) => ({
      standing,
      number: judged.filter((verdict) => verdict.standing === standing).length,
    }))
    .filter(({ number }) => number > 0)
    .map(({ standing, number }) => `${number} ${standing}`);
  return counts.length === 0 ? "no violations" : counts.join(", ");
}

/** The catalogues, by how their references begin. */
const CATALOGUES: Readonly<Record<string, RegExp>> = {
  "CIS AWS": /^CIS AWS /,
  "AWS FSBP": /^FSBP /,
  Checkov: /^CKV/,
  "cdk-nag": /^AwsSolutions-/,
  Trivy: /^AWS-/,
};

/** Which rule answers which control of which catalogue. */
export function coverage(rules: readonly About[]): string {
  const names = Object.keys(CATALOGUES);
  const rows = rules.toSorted(byName).map(({ name, group, references }) => {
    const cells = names.map((catalogue) =>
      references
        .filter((reference) => CATALOGUES[catalogue]?.test(reference))
        .map((reference) => reference.replace(/^(CIS AWS|FSBP) /, ""))
        .join(", "),
    );
    return `| \`${name}\` | ${group} | ${cells.join(" | ")} |`;
  });
  return [
    `| Rule | Group | ${names.join(" | ")} |`,
    `| --- | --- | ${names.map(() => "---").join(" | ")} |`,
    ...rows,
    "",
  ].join("\n");
}

function byName(one: About, other: About): number {
  return one.name.localeCompare(other.name);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", "<br>");
}
