import { createHash, createHmac, pbkdf2, randomBytes, randomInt } from "node:crypto";
import { promisify } from "node:util";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** 48 letters and digits, about 285 bits: nothing to escape in a URL, a DSN or a shell. */
export function newPassword(length = 48): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}

/** PostgreSQL's own default (`scram_iterations`). */
const ITERATIONS = 4096;

/**
 * What PostgreSQL stores for a password (RFC 5803): made here, so that the password itself never reaches the server or
 * its log. The password must be ASCII, for which SASLprep changes nothing.
 */
export async function scramVerifier(password: string, salt = randomBytes(16)): Promise<string> {
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  const serverKey = hmac("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
