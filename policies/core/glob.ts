const compiled = new Map<string, RegExp>();

/**
 * What a pattern matches in which `*` stands for any text, as URNs and names are compared; IAM's patterns are wildcards.ts's.
 * The same few patterns are asked for again and again.
 */
export function globPattern(glob: string): RegExp {
  const known = compiled.get(glob);
  if (known) return known;
  const source = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  const pattern = new RegExp(`^${source}$`, "s");
  compiled.set(glob, pattern);
  return pattern;
}
