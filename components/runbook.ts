/** A page of the runbooks without its `.md`, and the anchor of a heading on it: `service#running-tasks`. */
export type Runbook = `${string}#${string}`;

/** The page of a runbook. */
export function pageOf(runbook: Runbook): string {
  return runbook.slice(0, runbook.indexOf("#"));
}

/** The heading of a runbook, in words: "running tasks". */
export function headingOf(runbook: Runbook): string {
  return runbook.slice(runbook.indexOf("#") + 1).replaceAll("-", " ");
}

/** Where the pages lie in this repository. */
export const runbooksInRepository = "docs/runbooks";

/**
 * A description as people receive it: with the place of its runbook, `... Runbook: <base>/service.md#running-tasks`.
 *
 * @param base Where the pages can be read, without a trailing slash. @default - their path in this repository
 */
export function withRunbook(
  description: string,
  runbook: Runbook,
  base: string = runbooksInRepository,
): string {
  return `${description} Runbook: ${base}/${runbook.replace("#", ".md#")}`;
}
