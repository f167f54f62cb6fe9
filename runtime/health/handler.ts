import type { IncomingMessage, ServerResponse } from "node:http";
import { type Health, statusCodeOf } from "./health.ts";

/** A handler of Express, and of Node's own server. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers `/api/health`: 200 where requests can be served, else 503. */
export const readiness =
  (health: Health): Handler =>
  (request, response) => {
    void health.report().then((report) => {
      answer(request, response, statusCodeOf(report), report);
    });
  };

/** Answers `/api/health/live`: 200 as long as the process can answer at all. */
export const liveness =
  (health: Health): Handler =>
  (request, response) =>
    answer(request, response, 200, health.live());

/** Writes JSON that nobody on the way keeps. */
export function answer(
  { method }: IncomingMessage,
  response: ServerResponse,
  statusCode: number,
  body: unknown,
): void {
  const text = JSON.stringify(body);
  response.writeHead(statusCode, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(method === "HEAD" ? undefined : text);
}
