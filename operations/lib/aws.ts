/** Limits of one attempt at a call of AWS; the SDK itself waits without end. */
const attempt = (requestTimeout: number) => ({
  // Without the last the SDK only warns of a call that takes longer.
  requestHandler: { connectionTimeout: 5_000, requestTimeout, throwOnRequestTimeout: true },
});

/** What clients of AWS have in common: every attempt ends within 30 s, and there are up to five. */
export const callLimits = { maxAttempts: 5, ...attempt(30_000) };

/** For those who await a function's answer: `bootstrap` may take two minutes (components/database-bootstrap.ts). */
const invocationLimits = { maxAttempts: 3, ...attempt(150_000) };

/** A client's options. */
export const clientOptions = (region: string) => ({ region, ...callLimits });

/** Lambda's client's options. */
export const invocationOptions = (region: string) => ({ region, ...invocationLimits });
