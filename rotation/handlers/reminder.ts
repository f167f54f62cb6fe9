import type { Context } from "aws-lambda";
import { deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { log, print } from "../log.ts";
import { metricLine, parseReminders, remaining } from "../reminder.ts";
import { Settings } from "../settings.ts";
import { rotationError } from "./handler.ts";

const reminders = parseReminders(new Settings().text("REMINDERS"));

/** Publishes, once a call, how many days are left for each of `REMINDERS` ({@link Reminder} as JSON). */
export async function handler(
  _event: unknown,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<void> {
  const time = deadline(context.getRemainingTimeInMillis());
  const failed: string[] = [];
  for (const reminder of reminders) {
    const { secretId, field } = reminder;
    const isAlone = reminders.filter((other) => other.secretId === secretId).length === 1;
    try {
      print(metricLine(await remaining(reminder, time, { isAlone })));
    } catch (error) {
      const { code, message } = rotationError(error);
      log({ level: "error", secret: secretId, field, result: code, message });
      failed.push(`${field} (${code})`);
    }
  }
  // The others were told all the same.
  if (failed.length > 0) throw new RotationError("failed", `Nothing is known of ${failed.join(", ")}.`);
}
