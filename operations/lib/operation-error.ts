/** An error whose message alone helps its reader: what happened, the value, what is allowed, the next step. */
export class OperationError extends Error {
  override name = "OperationError";
}

/** Somebody pressed Ctrl-C, or the process was asked to end. */
export class Interrupted extends Error {
  override name = "Interrupted";
}

/** Several problems of the input as one error. */
export function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw refusal(problems);
}

/** The error of {@link refuse}. */
export function refusal(problems: readonly string[]): OperationError {
  return new OperationError(
    ["Nothing was changed:", ...problems.map((problem) => `  - ${problem}`)].join("\n"),
  );
}

/** What a person is shown of any error; the stack only where `DEBUG` is set. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env["DEBUG"]) return error.stack ?? error.message;
  if (error instanceof OperationError || error instanceof Interrupted) return error.message;
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map((one) => errorText(one)).join("; ");
  const code = String((error as { code?: unknown }).code);
  const message = error.message === "" ? code : error.message;
  const next = awsNextSteps[error.name] ?? awsNextSteps[code];
  return `${SILENT.includes(error.name) ? "" : `${error.name}: `}${message}${next === undefined ? "" : `\n${next}`}`;
}

/** Names that tell a person nothing. */
const SILENT = ["Error", "UserError"];

/** What to do about what AWS's SDK says, by the error's name or code. */
const awsNextSteps: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    "Sign in to AWS first: aws sso login, AWS_PROFILE=<profile>, or AWS_ACCESS_KEY_ID.",
  ExpiredTokenException: "The session has expired. Sign in to AWS anew and run the command again.",
  UnrecognizedClientException:
    "AWS does not know these credentials. Check AWS_PROFILE and run the command again.",
  AccessDeniedException:
    "These credentials may not do that. Use a role of the operators and run the command again.",
  ECONNREFUSED: "Nobody answers there. Check AWS_ENDPOINT_URL, or unset it to reach AWS.",
  ENOTFOUND:
    "The name cannot be resolved. Check the network and AWS_ENDPOINT_URL, and run the command again.",
};
