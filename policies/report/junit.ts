import { message } from "../core/verdict.ts";
import type { Assessment } from "./assess.ts";

/**
 * JUnit's XML as CI servers read it, by the schemas of Ant and of Jenkins: a suite a stack, a case a rule. Advice and
 * exemptions fail no case: they are the suite's output.
 */
export function junit(assessments: readonly Assessment[], at: Date): string {
  // Ant's schema takes neither milliseconds nor a zone.
  const timestamp = at.toISOString().slice(0, 19);
  const suites = assessments.map(({ stack, resources, rules, judged, notes }, index) => {
    const cases = rules.map(({ name }) => {
      const broken = judged
        .filter(({ rule, standing }) => rule.name === name && standing === "mandatory")
        .map(message);
      const failure =
        broken.length === 0
          ? ""
          : `<failure message="${escape(`${broken.length} finding(s)`)}" type="${escape(name)}">${escape(broken.join("\n"))}</failure>`;
      return `    <testcase name="${escape(name)}" classname="${escape(stack)}" time="0">${failure}</testcase>`;
    });
    const failures = cases.filter((text) => text.includes("<failure")).length;
    const advice = judged
      .filter(({ standing }) => standing === "advisory" || standing === "exempt")
      .map((verdict) => `${verdict.standing}: ${verdict.rule.name}: ${message(verdict)}`);
    const told = notes.map(({ rule, message: text }) => `${rule.name}: ${text}`);
    return [
      `  <testsuite id="${index}" package="policies" name="${escape(stack)}" timestamp="${timestamp}" hostname="localhost" tests="${cases.length}" failures="${failures}" errors="0" time="0">`,
      `    <properties><property name="resources" value="${resources}"/></properties>`,
      ...cases,
      `    <system-out>${escape([...advice, ...told].join("\n"))}</system-out>`,
      "    <system-err></system-err>",
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

/** What XML 1.0 cannot hold is left out. */
function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text
    .replace(/[&<>"]/g, (character) => entities[character] ?? "")
    .replace(/[^\t\n\r\x20-\uFFFD]/g, "")
    .replaceAll("\n", "&#10;");
}
