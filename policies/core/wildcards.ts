/**
 * Whether everything that a text stands for is covered by a pattern, as IAM matches: `*` is any text, `?` any one character,
 * all else itself. The text may be a pattern, too: true then says that everything it matches is covered, and false that this
 * does not show from their letters. (IAM User Guide, "IAM JSON policy elements: Resource", "Using wildcards in resource
 * ARNs".) In time of pattern times text, however many wildcards there are.
 */
export function covers(pattern: string, text: string): boolean {
  const wanted = ordered(pattern);
  const given = ordered(text);
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < given.length;) {
    const here = wanted[at];
    if (here === "*") {
      star = at++;
      resume = index;
    } else if (here !== undefined && (here === given[index] || (here === "?" && given[index] !== "*"))) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (wanted[at] === "*") at++;
  return at === wanted.length;
}

/** Like {@link covers}, for actions: IAM tells no case apart there. */
export function coversAction(pattern: string, action: string): boolean {
  return covers(pattern.toLowerCase(), action.toLowerCase());
}

/** Whether a pattern has nothing but wildcards, so that it names nothing: `*`, `?*`, `**`. */
export function isFree(pattern: string): boolean {
  return /^[*?]*\*[*?]*$/.test(pattern);
}

/** Whether a pattern is every action of every service: `*`, `*:*`, `?*`. */
export function isEveryAction(pattern: string): boolean {
  const [vendor = "", ...action] = pattern.split(":");
  return isFree(vendor) && action.every(isFree);
}

/** Whether a pattern is every action of a service that it names: `s3:*`, `s3:?*`. */
export function isEveryActionOfService(pattern: string): boolean {
  const [vendor = "", ...action] = pattern.split(":");
  return !hasWildcard(vendor) && action.length === 1 && action.every(isFree);
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** What every text that a pattern matches begins with. */
export function literalStart(pattern: string): string {
  return pattern.split(/[*?]/)[0] ?? "";
}

/** The same pattern with each `?` before the `*` of its run, so that equal ones read equal. */
function ordered(pattern: string): string {
  return pattern.replace(/[*?]{2,}/g, (run) => run.replaceAll("*", "") + (run.includes("*") ? "*" : ""));
}
