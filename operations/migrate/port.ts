import type { Answer, Request } from "./protocol.ts";

/** A database that can be asked: directly, or by a one-off task in its network. */
export interface DatabasePort {
  perform(asked: Request): Promise<Answer>;
}
