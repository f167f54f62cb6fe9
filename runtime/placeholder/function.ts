import { Health, statusCodeOf } from "../health/health.ts";
import { livePath, NOTHING_DEPLOYED, self } from "./self.ts";

/** What an HTTP API's route hands over and takes back, as far as the placeholder looks. */
type Handler = (event: { rawPath: string }) => Promise<{
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}>;

/** A Lambda function's handler in place of the application. */
export function handlerOf(healthPath: string): Handler {
  const health = new Health(self());
  return async ({ rawPath }) => {
    if (rawPath === livePath(healthPath)) return answer(200, health.live());
    if (rawPath !== healthPath) return answer(503, NOTHING_DEPLOYED);
    const report = await health.report();
    return answer(statusCodeOf(report), report);
  };
}

const answer = (statusCode: number, body: unknown): Awaited<ReturnType<Handler>> => ({
  statusCode,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(body),
});
