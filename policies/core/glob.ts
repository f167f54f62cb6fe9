/** What a pattern matches in which `*` stands for any text; `i` as IAM compares actions, `s` as URNs are compared. */
export function globPattern(glob: string, flags: "i" | "s"): RegExp {
  return new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, flags);
}
