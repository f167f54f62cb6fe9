/** How far the engine's making has come. */
export interface Progress {
  /** What is being done, as a line says it: "compiling Pulumi 3.259.0". */
  task: string;
  /** Steps done, and how many there are; a total of 0 where that is not known. */
  done: number;
  total: number;
  /** The forecast for this task, in seconds. @default - none yet */
  secondsLeft?: number;
}

export type OnProgress = (progress: Progress) => void;

/**
 * Counts a task's steps and forecasts its end. The first steps of a task are often its lightest, so the pace so far counts only
 * as much as the share that is done; the rest of the weight has the time the task usually takes.
 *
 * @param task.usualSeconds how long the task takes on a machine of two cores.
 */
export function countSteps(
  onProgress: OnProgress,
  task: { task: string; total: number; usualSeconds: number },
): (done: number) => void {
  const start = Date.now();
  return (done) => {
    const elapsed = (Date.now() - start) / 1000;
    const share = task.total > 0 ? Math.min(done / task.total, 1) : 0;
    const atThisPace = share > 0 ? elapsed / share : 0;
    const forecast = share * atThisPace + (1 - share) * task.usualSeconds;
    onProgress({
      task: task.task,
      done,
      total: task.total,
      secondsLeft: Math.max(Math.round(forecast - elapsed), 0),
    });
  };
}

/** One line for a person: "compiling Pulumi 3.259.0: 512 of 1686, about 3 min left". */
export function progressLine(progress: Progress): string {
  const { task, done, total, secondsLeft } = progress;
  const count = total > 1 ? `: ${done} of ${total}` : done > 0 && total === 0 ? `: ${done}` : "";
  if (secondsLeft === undefined || isComplete(progress)) return `${task}${count}`;
  const left = secondsLeft >= 90 ? `${Math.round(secondsLeft / 60)} min` : `${secondsLeft} s`;
  return `${task}${count}, about ${left} left`;
}

function isComplete({ done, total }: Progress): boolean {
  return total > 0 && done >= total;
}

const PLAIN_INTERVAL_MS = 15_000;

/** Writes progress to a stream: on a terminal one line that changes, elsewhere a line for each task and one every 15 s. */
export function progressTo(stream: NodeJS.WriteStream): OnProgress {
  let task = "";
  let open = false;
  let writtenAt = 0;
  return (progress) => {
    const isNew = progress.task !== task;
    const isDone = isComplete(progress);
    task = progress.task;
    if (stream.isTTY) {
      const start = open ? (isNew ? "\n" : "\r\u001b[2K") : "";
      stream.write(`${start}${progressLine(progress)}${isDone ? "\n" : ""}`);
      open = !isDone;
    } else if (isNew || isDone || Date.now() - writtenAt >= PLAIN_INTERVAL_MS) {
      stream.write(`${progressLine(progress)}\n`);
      writtenAt = Date.now();
    }
  };
}
