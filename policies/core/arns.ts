import { covers } from "./wildcards.ts";

/** Names that share no letter: what matches both names neither. */
const STRANGERS = ["qxwzjvkqxwzj", "MGBFYHDPMGBF"];

const PARTITIONS = ["aws", "aws-cn", "aws-us-gov"];

/**
 * Whether a pattern is every resource of a kind: what it says of them names none. Its region and account bound nothing, since
 * that is where a stack's resources are.
 *
 * @param pattern a statement's resource: `arn:aws:s3:::*`
 * @param kind the service and how its ARN ends, with `{}` for names: `s3:{}/{}`, `iam:role/{}`
 */
export function coversEvery(pattern: string, kind: string): boolean {
  const [service = "", ...rest] = kind.split(":");
  return STRANGERS.every((name) => coversStranger(pattern, service, rest.join(":").replaceAll("{}", name)));
}

function coversStranger(pattern: string, service: string, resource: string): boolean {
  const [arn = "", partition = "", named = "", , , ...own] = padded(pattern);
  const bySegments =
    covers(arn, "arn") &&
    PARTITIONS.some((one) => covers(partition, one)) &&
    covers(named, service) &&
    covers(loose(own.join(":")), resource);
  const whole = ["arn:aws:", service, ":us-east-1:123456789012:", resource].join("");
  return bySegments || covers(loose(pattern), whole);
}

/** A `*` at the end of a segment reaches beyond its colon. */
function padded(pattern: string): string[] {
  const segments = pattern.split(":");
  const missing = Math.max(0, 6 - segments.length);
  return pattern.endsWith("*") ? [...segments, ...Array<string>(missing).fill("*")] : segments;
}

/** Marks between wildcards name nothing: `*` + `/` + `*`, and the hyphen with which every secret's ARN ends. */
function loose(pattern: string): string {
  return pattern.replace(/[^A-Za-z0-9]*[*?][^A-Za-z0-9]*/g, "*");
}
