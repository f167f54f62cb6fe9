import { message } from "../core/verdict.ts";
import type { Assessment } from "./assess.ts";

const LEVELS = { mandatory: "error", advisory: "warning", exempt: "note", proven: "none" } as const;
/** GitHub sorts findings by this number (GitHub Docs, "SARIF support for code scanning"). */
const SEVERITIES = { low: "3.0", medium: "5.0", high: "8.0", critical: "9.5" } as const;

/** SARIF 2.1.0 (OASIS): one run a stack. What an exemption sets aside is suppressed, with its reason. */
export function sarif(assessments: readonly Assessment[], version: string): object {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: assessments.map(({ stack, rules, judged, notes }) => ({
      automationDetails: { id: `policies/${stack}` },
      tool: {
        driver: {
          name: "macro-ai-policies",
          version,
          informationUri: "https://www.pulumi.com/docs/insights/policy/",
          rules: rules.map(({ name, description, severity, url, references }) => ({
            id: name,
            shortDescription: { text: description },
            helpUri: url,
            properties: {
              tags: [...references],
              "security-severity": SEVERITIES[severity],
            },
          })),
        },
      },
      invocations: [
        {
          executionSuccessful: true,
          toolExecutionNotifications: notes.map(({ rule, level, message: text }) => ({
            descriptor: { id: rule.name },
            level: LEVELS[level],
            message: { text },
          })),
        },
      ],
      results: judged
        .filter(({ standing }) => standing !== "proven")
        .map((verdict) => ({
          ruleId: verdict.rule.name,
          ruleIndex: rules.findIndex(({ name }) => name === verdict.rule.name),
          kind: verdict.outcome === "fail" ? "fail" : "open",
          level: verdict.outcome === "fail" ? LEVELS[verdict.standing] : "none",
          message: { text: message(verdict) },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: "stacks/index.ts" } },
              logicalLocations: [{ fullyQualifiedName: verdict.resource.urn, kind: "resource" }],
            },
          ],
          ...(verdict.standing === "exempt" && {
            suppressions: [{ kind: "external", status: "accepted" }],
          }),
        })),
    })),
  };
}
