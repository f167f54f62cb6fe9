/** What a check may find. Nothing is known of one that has not come to an end yet. */
export type CheckStatus = "healthy" | "degraded" | "down" | "unknown";

/** What a check found. */
export interface CheckResult {
  readonly status: CheckStatus;
  /** Why it is not healthy: `TIMEOUT`, `ECONNREFUSED`, `28P01`, `HTTP_401`. Never an error's text. */
  readonly code?: string;
  /** When, in ISO 8601. */
  readonly checkedAt?: string;
}

/** Something that the service needs. */
export interface Check {
  /** Ends well where all is well. Of what it throws only `code` is told. */
  readonly run: (signal: AbortSignal) => Promise<unknown>;
  /** Whether the service is down without it; otherwise it is degraded. */
  readonly critical: boolean;
  /** @default - 3000 */
  readonly timeoutMs?: number;
  /** From one look to the next. @default - 15000 */
  readonly intervalMs?: number;
}

/** What `/api/health` answers. */
export interface HealthReport {
  readonly status: "healthy" | "degraded" | "down";
  readonly timestamp: string;
  readonly version: string;
  readonly environment: string;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** What is asked whether the process itself lives: nothing that it depends on. */
export type Liveness = Omit<HealthReport, "checks">;

/** What a service says of itself, and its checks by name. */
export interface HealthOptions {
  readonly version: string;
  readonly environment: string;
  readonly checks: Readonly<Record<string, Check>>;
}

/**
 * Looks after what the service needs in the background, so that nobody who asks waits, and asking often costs nothing.
 * Where a process sleeps between requests, as on Lambda, a look that is too old is repeated for who asks.
 */
export class Health {
  readonly #options: HealthOptions;
  readonly #watches: ReadonlyMap<string, Watch>;

  /** Begins to look at once; none of its timers keeps a process from ending. */
  constructor(options: HealthOptions) {
    this.#options = options;
    this.#watches = new Map(Object.entries(options.checks).map(([name, check]) => [name, new Watch(check)]));
  }

  /** Whether requests can be served. Never rejects; waits only for a first look, within its time limit. */
  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.#watches].map(async ([name, watch]) => [name, await watch.latest()] as const),
    );
    const worst = new Set([...this.#watches.values()].map((watch) => watch.severity));
    return {
      ...this.live(),
      status: worst.has("down") ? "down" : worst.has("degraded") ? "degraded" : "healthy",
      checks: Object.fromEntries(results),
    };
  }

  /** Whether the process lives: it does, as it answers. A restart mends nothing that it depends on. */
  live(): Liveness {
    const { version, environment } = this.#options;
    return { status: "healthy", timestamp: new Date().toISOString(), version, environment };
  }

  /** Ends the looking. */
  stop(): void {
    for (const watch of this.#watches.values()) watch.stop();
  }
}

/** 200 where requests can be served, which they can without what is not critical; else 503. */
export const statusCodeOf = ({ status }: Pick<HealthReport, "status">): 200 | 503 =>
  status === "down" ? 503 : 200;

/** One check, repeated. */
class Watch {
  readonly #check: Required<Check>;
  #result: CheckResult = { status: "unknown" };
  #endedAt = -Infinity;
  #looking: { readonly since: number; readonly end: Promise<void> } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(check: Check) {
    this.#check = { timeoutMs: 3_000, intervalMs: 15_000, ...check };
    void this.#look();
  }

  /** How much the service suffers. Nothing known is no reason to send it requests. */
  get severity(): "healthy" | "degraded" | "down" {
    if (this.#result.status === "healthy") return "healthy";
    return this.#check.critical ? "down" : "degraded";
  }

  async latest(): Promise<CheckResult> {
    const { intervalMs, timeoutMs } = this.#check;
    const isOld = performance.now() - this.#endedAt > 2 * intervalMs + timeoutMs;
    if (isOld && !this.#isStopped) await this.#look();
    return this.#result;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #look(): Promise<void> {
    const { timeoutMs } = this.#check;
    const since = performance.now();
    // One that began before the process fell asleep would only tell of the sleep.
    if (this.#looking && since - this.#looking.since <= timeoutMs) return this.#looking.end;
    const looking = {
      since,
      end: this.#outcome().then((result) => {
        if (this.#looking !== looking) return;
        this.#looking = undefined;
        this.#result = { ...result, checkedAt: new Date().toISOString() };
        this.#endedAt = performance.now();
        this.#again();
      }),
    };
    this.#looking = looking;
    return looking.end;
  }

  async #outcome(): Promise<CheckResult> {
    const { run, timeoutMs, critical } = this.#check;
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new CodedError("TIMEOUT")), timeoutMs);
      timer.unref();
    });
    try {
      await Promise.race([Promise.resolve().then(() => run(controller.signal)), late]);
      return { status: "healthy" };
    } catch (error) {
      return { status: critical ? "down" : "degraded", code: codeOf(error) };
    } finally {
      clearTimeout(timer);
      controller.abort();
    }
  }

  #again(): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), this.#check.intervalMs);
    this.#timer.unref();
  }
}

/** An error that says no more than its code. */
export class CodedError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Node's, PostgreSQL's and this library's codes. Anything else could hold what an answer must not show. */
function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" &&
    /^(?:E[A-Z]{3,20}|ERR_[A-Z_]{3,40}|[0-9A-Z]{5}|HTTP_\d{3}|TIMEOUT|NOT_READY)$/.test(code)
    ? code
    : "FAILED";
}
