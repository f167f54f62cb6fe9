import { message } from "../core/verdict.ts";
import type { Assessment } from "./assess.ts";

/** JUnit's XML as CI servers read it (windyroad's JUnit.xsd): a suite a stack, a case a rule. */
export function junit(assessments: readonly Assessment[]): string {
  const suites = assessments.map(({ stack, rules, judged }) => {
    const cases = rules.map(({ name }) => {
      const own = judged.filter(({ rule }) => rule.name === name);
      const broken = own.filter(({ standing }) => standing === "mandatory").map(message);
      const advice = own.filter(({ standing }) => standing === "advisory" || standing === "exempt");
      const failure =
        broken.length === 0
          ? ""
          : `<failure message="${escape(`${broken.length} finding(s)`)}" type="${escape(name)}">${escape(broken.join("\n"))}</failure>`;
      const output = advice.map((verdict) => `${verdict.standing}: ${message(verdict)}`).join("\n");
      const told = output === "" ? "" : `<system-out>${escape(output)}</system-out>`;
      return `    <testcase name="${escape(name)}" classname="${escape(stack)}" time="0">${failure}${told}</testcase>`;
    });
    const failures = cases.filter((text) => text.includes("<failure")).length;
    return [
      `  <testsuite name="${escape(stack)}" tests="${cases.length}" failures="${failures}" errors="0" time="0">`,
      ...cases,
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? "").replaceAll("\n", "&#10;");
}
