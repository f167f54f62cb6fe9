import { measure, type Command, type Measurement } from "./measure.ts";

/** One thing to be measured. */
export interface Case {
  readonly name: string;
  readonly command: Command;
}

/** One case measured by another, each by its name. */
export interface Comparison {
  readonly of: string;
  readonly over: string;
  /** What the ratio of CPU seconds should not exceed. @default - nothing is demanded */
  readonly target?: number;
}

/** Cases that are measured in turn, and what they tell. */
export interface Benchmark {
  readonly title: string;
  readonly cases: readonly Case[];
  readonly comparisons: readonly Comparison[];
  /** The cases whose time is told apart by process. */
  readonly explained: readonly string[];
  /** What else the measurements tell, as text: figures that a command printed about itself. @default - nothing */
  readonly figures?: (measurements: Measurements) => string;
  /** Ends what the cases needed. */
  readonly stop: () => void | Promise<void>;
}

/** Every round's measurement, by case. */
export type Measurements = ReadonlyMap<string, readonly Measurement[]>;

/** Runs every case once to warm up, then all of them in turn, round by round. */
export async function run(
  benchmark: Benchmark,
  rounds: number,
  onStep: (step: string) => void,
): Promise<Measurements> {
  const measurements = new Map<string, Measurement[]>(benchmark.cases.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const { name, command } of benchmark.cases) {
        onStep(`${round === 0 ? "warming up" : `round ${round} of ${rounds}`}: ${name}`);
        const measurement = await measure(command);
        if (round > 0) measurements.get(name)?.push(measurement);
      }
    }
  } finally {
    await benchmark.stop();
  }
  return measurements;
}
