/** The CPU units Fargate offers (AWS, "Task CPU and memory"). */
export const fargateCpus = [256, 512, 1024, 2048, 4096, 8192, 16384] as const;

/** MiB from the first to the last in steps of the third, for each cpu. */
const memoryRanges: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

/** The task memories in MiB that Fargate offers with a cpu, ascending. */
export function fargateMemories(cpu: number): readonly number[] {
  const range = memoryRanges[cpu];
  // The smallest cpu is the only one whose sizes do not follow an even step.
  if (range === undefined) return [512, 1024, 2048];
  const [from, to, step] = range;
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}
