import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { functionName } from "./secrets.ts";

/** The end of one step, as the rotation's function logs it (rotation/handlers/handler.ts). */
export interface StepEnd {
  readonly at: Date;
  readonly step: string;
  /** `done`, `done before`, or why it failed. */
  readonly result: string;
  readonly isError: boolean;
  /** Of a failure: what it was, and what to do next. */
  readonly message: string | undefined;
}

/** The steps of one rotation, or why they cannot be known. */
export type Steps = { readonly ends: readonly StepEnd[] } | { readonly unknown: string };

/** Where a function logs: as it is configured, or where Lambda puts it when the configuration cannot be read. */
export async function logGroupOf(client: LambdaClient, functionArn: string): Promise<string> {
  const byDefault = `/aws/lambda/${functionName(functionArn)}`;
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionArn });
  const found = await client.send(command).catch(() => undefined);
  return found?.LoggingConfig?.LogGroup ?? byDefault;
}

/**
 * What the function has logged of a version.
 *
 * @param since the log before is not looked at
 */
export async function stepsOf(
  client: CloudWatchLogsClient,
  logGroupName: string,
  version: string,
  since: Date,
): Promise<Steps> {
  const ends: StepEnd[] = [];
  const pages = paginateFilterLogEvents(
    { client },
    // Quoted, the id is one word.
    { logGroupName, startTime: since.getTime(), filterPattern: `"${version}"` },
  );
  try {
    for await (const { events = [] } of pages)
      for (const { message, timestamp } of events) {
        const end = stepEnd(message ?? "", new Date(timestamp ?? 0), version);
        if (end) ends.push(end);
      }
  } catch (error) {
    // The rotation can be followed without.
    return { unknown: `${logGroupName} cannot be read: ${(error as Error).name}` };
  }
  return { ends: ends.sort((one, other) => one.at.getTime() - other.at.getTime()) };
}

/** A line of the log, as far as it tells of the version. */
export function stepEnd(line: string, at: Date, version: string): StepEnd | undefined {
  const entry = parsed(line);
  if (entry?.["version"] !== version) return undefined;
  const { step, result, level, message } = entry;
  if (typeof step !== "string" || typeof result !== "string") return undefined;
  return {
    at,
    step,
    result,
    isError: level === "error",
    message: typeof message === "string" ? message : undefined,
  };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
