/** Why a secret could not be read, and what to do: by the name of the AWS SDK's error. */
const failures: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    "does not exist, or has no value yet; deploy the stack that makes it, in this region and account",
  AccessDeniedException:
    "may not be read; the role of this process needs secretsmanager:GetSecretValue on it and kms:Decrypt on its key",
  DecryptionFailure: "cannot be decrypted; the role of this process needs kms:Decrypt on its key",
  InvalidRequestException: "is marked for deletion; restore it with aws secretsmanager restore-secret",
  CredentialsProviderError: "cannot be read without AWS credentials; give the process a role, or log in",
  ExpiredTokenException: "cannot be read with credentials that have expired; log in again",
  UnrecognizedClientException: "cannot be read with these AWS credentials; log in again",
  InvalidSignatureException: "cannot be read with these AWS credentials; log in again",
  ThrottlingException: "could not be read for too many requests; try again in a minute",
  AbortError:
    "did not come in time; see whether Secrets Manager can be reached from here (NAT gateway or endpoint)",
  TimeoutError:
    "did not come in time; see whether Secrets Manager can be reached from here (NAT gateway or endpoint)",
};

/** A secret that cannot be used. The message never holds any of it. */
export class SecretError extends Error {
  override readonly name = "SecretError";
  /** The AWS SDK's name for what happened, or `Malformed`. */
  readonly code: string;

  constructor(id: string, code: string, message: string) {
    super(`the secret ${id} ${message}`);
    this.code = code;
  }
}

/** The SDK's error without its text. */
export function readFailure(id: string, error: unknown): SecretError {
  if (error instanceof SecretError) return error;
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  const known =
    message === "Region is missing" ? "has no region to be read in; set AWS_REGION" : failures[name ?? ""];
  const cause = typeof code === "string" ? code : (name ?? "an unknown error");
  return new SecretError(id, name ?? "Error", known ?? `could not be read: ${cause}`);
}

export const malformed = (id: string, what: string): SecretError =>
  new SecretError(id, "Malformed", `is malformed: ${what}`);
