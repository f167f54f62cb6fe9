const retried = "Secrets Manager tries again by itself";

/** What can stop a rotation, and what its operator does next. An error says one of these codes and nothing of a value. */
const nextSteps = {
  "unknown-step": "Invoke the function through Secrets Manager, which names one of the four steps.",
  "rotation-disabled":
    "Turn rotation on for the secret (aws secretsmanager describe-secret shows RotationEnabled), or stop calling the function.",
  "token-not-staged":
    "The version is not AWSPENDING: somebody wrote to the secret in the middle of the rotation. Start the rotation again.",
  "secret-missing":
    "Check the name and the region of the secret that the call, or the function's variable, names, and whether it was deleted.",
  "no-current-value":
    "The secret has no AWSCURRENT version that can be read. Write its first value, then rotate again.",
  "no-pending-value":
    "The AWSPENDING version is empty. Remove its label (aws secretsmanager update-secret-version-stage), then rotate again.",
  "wrong-shape": "Write the value in the shape that the error names, then rotate again.",
  "host-changed":
    "The pending version names another server than the current one. Remove the label AWSPENDING, then rotate again.",
  "user-changed":
    "The pending version names a user that is not the current one's alternate. Remove the label AWSPENDING, then rotate again.",
  "credentials-rejected":
    "The server takes neither version: somebody set it outside of the rotation. For a database run the function bootstrap, which sets the current version's password again; then rotate again.",
  "role-missing": "The database lacks the login. Run the function bootstrap, then rotate again.",
  "permission-denied":
    "The login may not do what the step needs. For a password: see rds.restrict_password_commands and the role's memberships.",
  "tls-refused":
    "The server offers no TLS, and nothing is sent without. Turn TLS on at the server; nothing was changed.",
  "tls-untrusted":
    "The server's certificate is not signed by a known authority. Check its certificate authority and the variable DATABASE_CA or CACHE_CA; nothing was changed.",
  "tls-wrong-host":
    "The server's certificate is for another name. Check the secret's host; it must be the server's own endpoint, not an alias.",
  unreachable: "Check that the server runs, and the security groups and routes between the function and it.",
  busy: `Another rotation or a long transaction holds the lock. ${retried}.`,
  "out-of-time": `The step would have outlived the function. ${retried}.`,
  "not-working": `The new credentials do not work yet. ${retried}; if it goes on, look at the step setSecret in the log.`,
  "changed-by-hand":
    "Somebody renewed the credentials outside of the rotation; nothing was changed. At the service delete those that are not the secret's current value, remove the label AWSPENDING if a version has it, then rotate again.",
  "provider-refused":
    "The service outside refused the call. Its status is in the error; check the function's own key for it.",
  failed: `Look at the function's log for the step before it. ${retried}.`,
} as const;

/** See {@link RotationError}. */
export type Failure = keyof typeof nextSteps;

/**
 * A step that failed. The message has the code, what was met and the next step, and never a value of a secret: texts of
 * drivers and services, which may hold one, are left out on purpose, as is `cause`, which Lambda would print.
 */
export class RotationError extends Error {
  readonly code: Failure;

  constructor(code: Failure, what: string) {
    super(`${code}: ${what} ${nextSteps[code]}`);
    this.name = "RotationError";
    this.code = code;
  }
}

/** Whether the next attempt, which Secrets Manager makes by itself, may well succeed. */
export function isTransient(code: string): boolean {
  return Object.hasOwn(nextSteps, code) && nextSteps[code as Failure].includes(retried);
}

/** Whether a server refused a password: the only failure after which another one is worth a try. */
export function isRejection(error: unknown): boolean {
  return error instanceof RotationError && error.code === "credentials-rejected";
}
