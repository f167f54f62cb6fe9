import { promiseOf } from "./secret-name.ts";

/**
 * Secrets that show by their form, wherever they stand. The forms are those that their issuers document, and that
 * GitHub's secret scanning and gitleaks look for.
 */
const FORMS: readonly RegExp[] = [
  // AWS access keys, temporary ones as well.
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  // GitHub, GitLab, npm, Slack.
  /\bgh[opusr]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_\w{20,}/,
  /\bglpat-[\w-]{20,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\b(xox[abeoprs]|xapp)-[\w-]{10,}/,
  /\bhooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/,
  // OpenAI, Anthropic; Stripe; Google; SendGrid; Hugging Face.
  /(?<![\w-])sk-(?=[\w-]*\d)[\w-]{16,}/,
  /\b[rs]k_(live|test)_[A-Za-z0-9]{10,}/,
  /\bAIza[\w-]{35}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bhf_[A-Za-z0-9]{30,}/,
  // JSON web tokens.
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/,
  /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----/,
  // Of an Authorization header.
  /\b(Bearer|Basic)\s+(?=[\w.+/=~-]*\d)[\w.+/=~-]{16,}/,
];

/** The password of a URL, of a connection string (`Server=x;Password=y`) or of a query. */
const PASSWORDS_WITHIN: readonly RegExp[] = [
  /\b[a-z][\w+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/gi,
  /(?:password|passwd|pwd|accountkey|sharedaccesskey)=["']?([^;&\s"']+)/gi,
];

/** Where the secret is, or nothing at all: an ARN, a placeholder, a variable, a switch. */
const REFERENCE =
  /^(arn:aws[\w-]*:[\w-]+:.*|\{\{.*\}\}|\$[{(].*|\$\w+(?:\.\w+)*|`.*|<[^>]*>|\{[^"]*\}|\[[^"]*\]|%\w|\*+|x{3,}|true|false|yes|no|on|off|none|null|undefined|enabled|disabled|required|optional|)$/is;
const PLAIN_URL = /^[a-z][\w+.-]*:\/\/[^\s?@]+$/i;
const PATH = /^\.{0,2}\/[\w.@-]+(\/[\w.@-]+)*\/?$/;
/** A name in Secrets Manager: `prod/db`. */
const SECRET_ID = /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)+$/;
const NUMBER = /^\d{1,6}$/;
const UUID = /^(mrk-[\da-f]{32}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i;

/** Whether a text holds what shows by its form that it is a secret, whatever it is called. */
export function hasSecretForm(text: string): boolean {
  if (FORMS.some((form) => form.test(text))) return true;
  return PASSWORDS_WITHIN.some((form) =>
    [...text.matchAll(form)].some(([, password = ""]) => !isReference(password)),
  );
}

/** Whether a name promises a secret, and the value may be one. */
export function isNamedSecret(name: string, value: string): boolean {
  const promise = promiseOf(name);
  if (promise === undefined || isReference(value)) return false;
  if (promise === "password") return true;
  if (NUMBER.test(value)) return false;
  if (promise === "secret") return !(/secret/i.test(name) && SECRET_ID.test(value));
  return isRandom(value) && !UUID.test(value);
}

/** Either of the two. */
export function isSecretText(name: string, value: string): boolean {
  return hasSecretForm(value) || isNamedSecret(name, value);
}

const VALUE = /(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"';,]+))/;
/** `export PGPASSWORD=hunter2` of a script; `password: hunter2` of a configuration, one a line. */
const ASSIGNMENTS: readonly RegExp[] = [
  new RegExp(`(?<![\\w$./-])([A-Za-z_]\\w*)=${VALUE.source}`, "g"),
  new RegExp(`^[ \\t-]*["']?([A-Za-z_][\\w-]*)["']?[ \\t]*[:=][ \\t]+${VALUE.source}`, "gm"),
];

/** Whether a script or a configuration file has a secret in it. */
export function scriptHasSecret(text: string): boolean {
  return (
    hasSecretForm(text) ||
    ASSIGNMENTS.some((assignment) =>
      [...text.matchAll(assignment)].some(([, name = "", ...values]) => isNamedSecret(name, values.join(""))),
    )
  );
}

function isReference(value: string): boolean {
  if (REFERENCE.test(value) || PLAIN_URL.test(value)) return true;
  return PATH.test(value) && !value.split("/").some(isRandom);
}

/** Text that nobody has thought of: long, without a word's end, of letters and figures mixed, or of capitals and small ones. */
function isRandom(text: string): boolean {
  if (/^[A-Za-z\d/+]{40}={0,2}$/.test(text) && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text)))
    return true;
  return (text.match(/[A-Za-z\d+=]{16,}/g) ?? []).some((run) => {
    const figures = run.match(/\d/g) ?? [];
    const changes = run.match(/[a-z][A-Z]|[A-Z][a-z]/g) ?? [];
    return (
      new Set(run).size >= 8 &&
      ((figures.length >= 2 && /[A-Za-z]/.test(run)) || changes.length >= run.length / 4)
    );
  });
}
