import * as z from "zod";
import { fitting, type GitHub } from "./github.ts";

const issue = z.looseObject({
  number: z.number(),
  body: z.string().nullish(),
  pull_request: z.unknown().optional(),
});
const comment = z.looseObject({ id: z.number(), body: z.string().nullish() });

/** One matter that at most one open issue is about. */
export interface Matter {
  readonly title: string;
  /** Marks the issues of this kind. */
  readonly label: string;
}

/** Hidden in the text: titles can be edited by people, and labels are shared. */
const marker = (name: string): string => `<!-- macro-ai: ${name} -->`;

/** Opens the matter's issue, or brings the open one up to date. @returns its number, and what was done */
export async function openIssue(
  github: GitHub,
  matter: Matter,
  text: string,
): Promise<[number, "opened" | "updated" | "unchanged"]> {
  const body = `${marker(matter.title)}\n${fitting(text)}`;
  const present = await openIssueOf(github, matter);
  if (present === undefined) {
    const made = await github.call("POST", "/issues", { title: matter.title, labels: [matter.label], body });
    return [issue.parse(made).number, "opened"];
  }
  if (present.body === body) return [present.number, "unchanged"];
  await github.call("PATCH", `/issues/${present.number}`, { body });
  return [present.number, "updated"];
}

/** Closes the matter's issue, where one is open. @returns its number */
export async function closeIssue(
  github: GitHub,
  matter: Matter,
  reason: string,
): Promise<number | undefined> {
  const present = await openIssueOf(github, matter);
  if (present === undefined) return undefined;
  await github.call("POST", `/issues/${present.number}/comments`, { body: reason });
  await github.call("PATCH", `/issues/${present.number}`, { state: "closed", state_reason: "completed" });
  return present.number;
}

async function openIssueOf(
  github: GitHub,
  { title, label }: Matter,
): Promise<z.infer<typeof issue> | undefined> {
  const found = await github.list(`/issues?state=open&labels=${encodeURIComponent(label)}`);
  return found
    .map((one) => issue.parse(one))
    .find(({ body, pull_request }) => pull_request === undefined && body?.startsWith(marker(title)) === true);
}

/** Writes a comment under a pull request, or brings the one of that name up to date. */
export async function upsertComment(
  github: GitHub,
  { pullRequest, name }: { pullRequest: number; name: string },
  text: string,
): Promise<"made" | "updated"> {
  const body = `${marker(name)}\n${fitting(text)}`;
  const comments = (await github.list(`/issues/${pullRequest}/comments?`)).map((one) => comment.parse(one));
  const present = comments.find((one) => one.body?.startsWith(marker(name)));
  if (present) await github.call("PATCH", `/issues/comments/${present.id}`, { body });
  else await github.call("POST", `/issues/${pullRequest}/comments`, { body });
  return present ? "updated" : "made";
}
