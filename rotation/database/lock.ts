import type { Session } from "./connection.ts";

/** Waits until nobody else does the same work, by PostgreSQL's advisory locks. Held until the session ends. */
export async function lock(session: Session, doing: string, work: string): Promise<void> {
  await session.query(doing, "SELECT pg_advisory_lock(hashtextextended($1, 0))", [work]);
}
