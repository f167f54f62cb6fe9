import type { Entry, Journal } from "./journal.ts";
import { errorText, Interrupted, OperationError } from "./operation-error.ts";
import { duration, type Patience, stopIfInterrupted } from "./wait.ts";

/** One of an operation's steps. Each first looks whether it has happened, and may so be repeated. */
export interface Step<Work> {
  name: string;
  /** What it will do, for the plan. */
  plan: (work: Work) => string;
  /** @returns what is so now. */
  perform: (work: Work) => Promise<string>;
  /** How things stand while this step is not done, and all before it are. */
  meanwhile: string;
}

/** What steps are performed with. */
export interface StepsOptions<Work> {
  steps: readonly Step<Work>[];
  work: Work;
  /** The run's id. */
  run: string;
  journal: Journal;
  patience: Patience;
  /** What to do when it stops at a step: lines. */
  advice: (step: Step<Work>) => readonly string[];
}

/**
 * Performs what is not done yet.
 *
 * @throws OperationError, or Interrupted, that says what was done, what was not, and how things stand
 */
export async function performSteps<Work>(options: StepsOptions<Work>): Promise<void> {
  const { steps, work, run, journal, patience } = options;
  const { signal, say } = patience;
  const done = await doneSteps(journal, run);
  const width = Math.max(...steps.map(({ name }) => name.length));
  for (const step of steps) {
    const label = step.name.padEnd(width);
    if (done.has(step.name)) {
      say(`✔ ${label} done before`);
      continue;
    }
    const started = performance.now();
    await journal.write({ run, step: step.name, event: "begun" });
    try {
      stopIfInterrupted(signal);
      const note = await step.perform(work);
      await journal.write({ run, step: step.name, event: "done", note });
      say(`✔ ${label} ${note} (${duration(performance.now() - started)})`);
    } catch (error) {
      await journal.write({ run, step: step.name, event: "failed", note: errorText(error) });
      throw stopped(options, step, label, error);
    }
  }
}

function stopped<Work>(
  { steps, advice }: StepsOptions<Work>,
  at: Step<Work>,
  label: string,
  error: unknown,
): Error {
  const index = steps.indexOf(at);
  const names = (some: readonly Step<Work>[]): string => some.map(({ name }) => name).join(", ") || "nothing";
  const text = [
    `✘ ${label} ${errorText(error)}`,
    "",
    `Done: ${names(steps.slice(0, index))}. Not done: ${names(steps.slice(index))}. ${at.meanwhile}`,
    ...advice(at),
  ].join("\n");
  return error instanceof Interrupted ? new Interrupted(text) : new OperationError(text);
}

/** The steps of a run that are done, by the journal. */
export async function doneSteps(journal: Journal, run: string): Promise<Set<string>> {
  const mine = (await journal.entries()).filter((entry) => entry.run === run);
  const last = new Map(mine.map((entry): [string, Entry] => [entry.step, entry]));
  return new Set([...last.values()].filter(({ event }) => event === "done").map(({ step }) => step));
}
