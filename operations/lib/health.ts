import * as z from "zod";
import { OperationError } from "./operation-error.ts";
import { duration, type Patience, until } from "./wait.ts";

const LIMIT_MS = 5 * 60_000;
const REQUEST_MS = 10_000;
/** One good answer can come from the last old task behind the load balancer. */
const IN_A_ROW = 3;

const body = z.looseObject({ status: z.string(), environment: z.string().optional() });

/**
 * Asks `/api/health` until it answers well several times in a row.
 *
 * @returns what it said, for people
 * @throws OperationError that names the last answer
 */
export async function healthy(apiUrl: string, patience: Patience, limitMs = LIMIT_MS): Promise<string> {
  const url = `${apiUrl}/api/health`;
  let good = 0;
  let last = "nothing yet";
  const started = performance.now();
  return until(`${url} answers well`, limitMs * 2, patience, async () => {
    const answer = await ask(url);
    last = answer.text;
    good = answer.good ? good + 1 : 0;
    if (good >= IN_A_ROW) return `${url} answered ${IN_A_ROW} times: ${last}`;
    if (performance.now() - started > limitMs)
      throw new OperationError(
        `${url} did not answer well within ${duration(limitMs)}; the last answer: ${last}`,
      );
    return undefined;
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "none: the connection was refused (ECONNREFUSED)",
  ENOTFOUND: "none: the name cannot be resolved (ENOTFOUND)",
  TimeoutError: `none within ${duration(REQUEST_MS)}`,
};

async function ask(url: string): Promise<{ good: boolean; text: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS), redirect: "manual" });
    const seen = body.safeParse(await response.json().catch(() => undefined));
    const status = seen.success ? seen.data.status : "no JSON with a status";
    return { good: response.status === 200 && seen.success, text: `${response.status}, ${status}` };
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
    const code = cause?.code ?? name;
    // Undici has no code of its own for what it does not even try, such as ports that browsers block.
    return { good: false, text: REASONS[code] ?? cause?.code ?? cause?.message ?? `${name}: ${message}` };
  }
}
