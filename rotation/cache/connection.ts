import { isIP } from "node:net";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import type { Deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { networkFailures } from "../network-failures.ts";
import type { CacheSecret } from "./secret.ts";

const LIMIT_MS = 5_000;

/** Whether the cache takes the token, over TLS whose certificate was verified. Whatever else is wrong is an error. */
export type AcceptsToken = (secret: CacheSecret) => Promise<boolean>;

/**
 * Two commands of Redis's protocol (RESP), AUTH and PING, are all that a rotation needs; a client library would be three times
 * the rest of the function.
 *
 * @param ca trusted authorities in PEM; undefined for those that Node trusts, which sign ElastiCache's certificates
 */
export function acceptsToken(deadline: Deadline, ca: string | undefined): AcceptsToken {
  return async ({ host, port, token }) => {
    const socket = connect({
      host,
      port,
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca }),
    });
    socket.setTimeout(deadline.allow(LIMIT_MS), () => socket.destroy(new Timeout()));
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("secureConnect", resolve);
        socket.once("error", reject);
        socket.once("close", () => reject(new Timeout()));
      });
      const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
      socket.write(command("AUTH", token));
      const answer = await line(lines);
      if (/^-(WRONGPASS|NOAUTH)/.test(answer)) return false;
      if (answer !== "+OK") throw new RotationError("failed", "The cache refused to check a token.");
      socket.write(command("PING"));
      return (await line(lines)) === "+PONG";
    } catch (error) {
      throw cacheFailure(error);
    } finally {
      socket.destroy();
    }
  };
}

/** The server said nothing, or hung up. */
class Timeout extends Error {
  readonly code = "ETIMEDOUT";
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
}

async function line(lines: AsyncIterator<string>): Promise<string> {
  const next = await lines.next();
  if (next.done === true) throw new Timeout();
  return next.value;
}

/** An error without its text. */
function cacheFailure(error: unknown): RotationError {
  if (error instanceof RotationError) return error;
  const { code } = error as { code?: unknown };
  return new RotationError(
    networkFailures[String(code)] ?? "failed",
    `Connecting to the cache failed with ${String(code)}.`,
  );
}
