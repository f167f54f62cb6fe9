import * as z from "zod";

/** What the database is asked; the same by a one-off task and directly. */
export const request = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("inspect"), withSql: z.boolean() }),
  z.object({ phase: z.literal("apply"), run: z.string() }),
  z.object({ phase: z.literal("verify"), run: z.string(), allowLoss: z.array(z.string()) }),
  z.object({ phase: z.literal("revert"), run: z.string() }),
]);
export type Request = z.infer<typeof request>;

/** What it answers: `lines` for people; `problems` why it must not go on. */
export const answer = z.object({ lines: z.array(z.string()), problems: z.array(z.string()) });
export type Answer = z.infer<typeof answer>;

const MARK = "macro-ai-migrate ";

/** How the task tells its answer: one line of its log. */
export const answerLine = (answered: Answer): string => `${MARK}${JSON.stringify(answered)}`;

/** Finds the answer in the log. */
export function answerIn(lines: readonly string[]): Answer | undefined {
  const line = lines.findLast((one) => one.startsWith(MARK));
  return line === undefined ? undefined : answer.parse(JSON.parse(line.slice(MARK.length)));
}
