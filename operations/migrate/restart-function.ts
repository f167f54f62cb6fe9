import { GetFunctionCommand, type LambdaClient, UpdateFunctionCodeCommand } from "@aws-sdk/client-lambda";
import { OperationError } from "../lib/operation-error.ts";
import { type Patience, until } from "../lib/wait.ts";
import type { Wanted } from "./restart.ts";

const LIMIT_MS = 10 * 60_000;

/**
 * The same at hobby: has the function run what is wanted, and waits until Lambda has it. New code, be it the same, makes
 * Lambda start every instance anew.
 *
 * @param deploy has the program bring the wanted image; the function's name afterwards, which the first image changes
 */
export async function restartFunction(
  lambda: LambdaClient,
  functionName: string,
  { image, since }: Wanted,
  deploy: () => Promise<string>,
  patience: Patience,
): Promise<string> {
  const before = await look(lambda, functionName);
  let name = functionName;
  if (image !== undefined) {
    if (before.image !== image) name = await deploy();
  } else if (before.image === undefined) return "the placeholder runs: nothing to restart";
  else if (before.modified < since)
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ImageUri: before.image }));
  return until(`${name} is updated`, LIMIT_MS, patience, async () => {
    const now = await look(lambda, name);
    if (now.status === "Failed")
      throw new OperationError(
        `Lambda could not update ${name}: ${now.reason}. Mend the image, then resume or roll back.`,
      );
    if (now.status !== "Successful") return undefined;
    if (image !== undefined && now.image !== image)
      throw new OperationError(
        `${name} runs ${now.image ?? "the placeholder"}, not ${image}: somebody else deploys.`,
      );
    return `${name} runs ${now.image ?? "the placeholder"}`;
  });
}

async function look(
  lambda: LambdaClient,
  FunctionName: string,
): Promise<{ image: string | undefined; modified: Date; status: string | undefined; reason: string }> {
  const { Code, Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  return {
    image: Code?.ImageUri,
    modified: new Date(Configuration?.LastModified ?? 0),
    status: Configuration?.LastUpdateStatus,
    reason: Configuration?.LastUpdateStatusReason ?? "no reason given",
  };
}
