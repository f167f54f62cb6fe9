/**
 * Which names promise a secret. A name is read by its words, whether they are joined by underscores, hyphens or capitals:
 * DB_PASS, dbPassword, PGPASSWORD, OPENAIKEY.
 */

/** How much a name tells: a `password` is one, a `key` may as well be a table's. */
export type Promise = "secret" | "password" | "key";

/** Words, also at the end of one that is run together: AUTHTOKEN. */
const PASSWORD = /(PASSWORD|PASSWD|PASSPHRASE)S?$/;
const SECRET = /(SECRET|TOKEN|CREDENTIAL|APIKEY|SECRETKEY|ACCESSKEY|PRIVATEKEY)S?$|^CREDS?$|PWD$/;
/** Too short to be searched for within others: COMPASS. */
const SHORT_PASSWORD = /^(PG|DB|SMTP|FTP|LDAP|MAIL|MYSQL|REDIS|ROOT|ADMIN|USER)?(PASS|PW)$/;
const KEY = /KEYS?$/;
const ENGLISH = /^(MONKEY|DONKEY|TURKEY|HOCKEY|JOCKEY|WHISKEY)S?$/;

/** Before KEY: what only a secret key is called. */
const SECRET_KEYS = new Set("API PRIVATE SECRET ACCESS ENCRYPTION SIGNING MASTER HMAC JWT SSH".split(" "));
const OPEN_KEYS = new Set(
  "PUBLIC PARTITION SORT PRIMARY FOREIGN HASH RANGE OBJECT CACHE S3 IDEMPOTENCY LOOKUP GROUP ROUTING TRANSLATION KMS".split(
    " ",
  ),
);

/** After the secret's word, at the name's end: what stands there is about the secret, or tells where it is. */
const ABOUT = new Set(
  (
    "NAME NAMES ARN ARNS ID IDS URL URLS URI ENDPOINT HOST PORT DOMAIN REGION PATH FILE FILENAME DIR LOCATION STORE PROVIDER " +
    "REF REFERENCE ALIAS PARAMETER VARIABLE HEADER HEADERS FIELD COLUMN COOKIE ATTRIBUTE CLAIM SCOPE SCOPES ISSUER AUDIENCE USE USAGE " +
    "POLICY PATTERN REGEX FORMAT TYPE KIND MODE METHOD SCHEME ALGORITHM ALG CIPHER ENCODING STRENGTH VERSION STAGE STATUS STATE " +
    "LENGTH SIZE BITS MIN MAX COUNT LIMIT BUDGET QUOTA RATE TTL AGE EXPIRY EXPIRES EXPIRATION VALIDITY LIFETIME TIMEOUT DURATION INTERVAL " +
    "SECONDS MINUTES HOURS DAYS MS ROTATION ROTATED SCHEDULE ENABLED DISABLED REQUIRED ALLOWED PROTECTED OWNER TEAM PURPOSE PREFIX SUFFIX " +
    "DESCRIPTION LABEL HINT PROMPT MESSAGE THROUGH SPACE RESET CHANGE"
  ).split(" "),
);

/** What a name promises; undefined where it promises nothing, or says that it is about a secret. */
export function promiseOf(name: string): Promise | undefined {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  if (words.length > 1 && ABOUT.has(last)) return undefined;
  if (words.some((word) => PASSWORD.test(word)) || SHORT_PASSWORD.test(last)) return "password";
  if (words.some((word) => SECRET.test(word))) return "secret";
  const key = words.findLastIndex((word) => KEY.test(word) && !ENGLISH.test(word));
  if (key === -1) return undefined;
  const before = words[key - 1] ?? "";
  if (OPEN_KEYS.has(before)) return undefined;
  return /^KEYS?$/.test(words[key] ?? "") && SECRET_KEYS.has(before) ? "secret" : "key";
}

/** In capitals, without numbers at the end: `dbPassword2` is DB, PASSWORD. */
function wordsOf(name: string): string[] {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toUpperCase()
    .split(/[^A-Z\d]+/)
    .filter((word) => word !== "");
  const stem = words.map((word) => word.replace(/(?<=[A-Z]{3})\d+$/, ""));
  while (stem.length > 1 && /^\d+$/.test(stem.at(-1) ?? "")) stem.pop();
  return stem;
}
