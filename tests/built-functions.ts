import { isBuilt } from "../rotation/bundles.ts";

/** Mocha calls it once before all tests: the program refuses to run with functions that are not what their sources give. */
export const mochaGlobalSetup = async (): Promise<void> => {
  if (isBuilt()) return;
  // Not before it is needed: Mocha loads this file in each of its processes.
  const { buildFunctions } = await import("../rotation/build.ts");
  // The tests of the program will say so themselves, and the others need no functions.
  await buildFunctions().catch((error: unknown) => console.error(error));
};
