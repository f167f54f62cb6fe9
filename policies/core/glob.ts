const compiled = new Map<string, RegExp>();

/**
 * What a pattern matches in which `*` stands for any text; `i` as IAM compares actions, `s` as URNs are compared. The same
 * few patterns are asked for again and again.
 */
export function globPattern(glob: string, flags: "i" | "s"): RegExp {
  const key = `${flags}:${glob}`;
  const known = compiled.get(key);
  if (known) return known;
  const source = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  const pattern = new RegExp(`^${source}$`, flags);
  compiled.set(key, pattern);
  return pattern;
}
