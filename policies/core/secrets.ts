import { Secret } from "@pulumi/policy";
import { at } from "./expectations.ts";
import type { Graph } from "./graph.ts";
import type { About, Finding, Subject } from "./rule.ts";
import { hasSecretForm } from "./secret-text.ts";
import { decoded, secretsShown } from "./shown-text.ts";
import { sinksOf, textsAt } from "./sinks.ts";
import { isKnown, pathTo, see } from "./unknown.ts";
import { verdict, type Verdict } from "./verdict.ts";

export const plainSight: About = {
  name: "secrets-in-plain-sight",
  description:
    "No secret stands in a plain environment variable, user data, a tag, a description, a log configuration or a stack output, whatever its name.",
  severity: "critical",
  group: "secrets",
  references: ["FSBP ECS.8", "CKV_AWS_45", "CKV_AWS_46", "CKV_SECRET_6"],
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
};

/** Outputs that are secrets, by the type that makes them. */
const SECRET_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
  "tls:index/privateKey:PrivateKey": ["privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"],
  "aws:iam/accessKey:AccessKey": ["secret", "sesSmtpPasswordV4"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
};

/** Shorter ones are found in innocent text by chance. */
const MIN_LENGTH = 8;

/** Fields of a secret's JSON that are secret themselves; the others say where and who. */
const SECRET_FIELD = /pass|secret|token|credential|key/i;

/** What looks like a secret by its place in a text: the password of a URL. */
const URL_PASSWORD = /^\w+:\/\/[^/\s:@]*:([^/\s@]+)@/;

/**
 * Knows which values are secrets. The engine unwraps them before it asks resource and stack checks; a remediation still
 * sees them marked, and is asked first.
 */
export class SecretSight {
  /** Paths of the properties that are, or hold, secrets, by URN. */
  readonly #marked = new Map<string, string[]>();
  readonly #values = new Set<string>();

  /** @param recorded Where the engine's marks were noted before. @default - nothing is marked yet */
  constructor(recorded?: { declared: readonly { urn: string; secrets: readonly string[] }[] }) {
    for (const { urn, secrets } of recorded?.declared ?? [])
      if (secrets.length > 0) this.#marked.set(urn, [...secrets]);
  }

  /** Takes a resource as a remediation sees it. */
  notice(urn: string, properties: unknown): void {
    const marked: string[] = [];
    this.#walk(properties, "", marked);
    if (marked.length > 0) this.#marked.set(urn, marked);
    else this.#marked.delete(urn);
  }

  markedIn(urn: string): readonly string[] {
    return this.#marked.get(urn) ?? [];
  }

  /** Secrets by their mark, known or not, and by their form or name, before the resource is made. */
  judge(resource: Subject, properties: object): Verdict[] {
    const marked = this.markedIn(resource.urn);
    const sinks = sinksOf(resource.type);
    const found = secretsShown(resource.type, see(properties)).filter(
      (path) => !marked.some((mark) => overlaps(mark, path)),
    );
    return [
      ...marked
        .filter((path) => sinks.some((sink) => overlaps(path, sink)))
        .map((path) => finding(path, "a secret")),
      ...found.map((path) => finding(path, "text that looks like a secret")),
    ].map((one) => verdict(plainSight, resource, one));
  }

  /** Secrets by their value, over the whole stack: also those whose mark was lost on the way. */
  judgeStack(graph: Graph): Verdict[] {
    this.#learn(graph);
    return graph.nodes.flatMap((node) => {
      const marked = this.#marked.get(node.urn) ?? [];
      const isRoot = node.type === "pulumi:pulumi:Stack";
      const shown = isRoot ? node.properties : node.inputs;
      return (
        textsAt(shown, sinksOf(node.type))
          .filter(({ path }) => !marked.some((mark) => overlaps(mark, path)))
          // What resources show of this kind was told before they were made.
          .filter(({ text }) => this.#holdsSecret(text) || (isRoot && hasSecretForm(text)))
          .map(({ path }) => verdict(plainSight, node, finding(path, "text that holds a secret's value")))
      );
    });
  }

  #learn(graph: Graph): void {
    for (const [type, properties] of Object.entries(SECRET_OUTPUTS)) {
      for (const node of graph.all(type)) {
        for (const property of properties) {
          const value = at(node.properties, property);
          if (isKnown(value)) this.#learnValue(value);
        }
      }
    }
  }

  #learnValue(value: unknown): void {
    if (typeof value !== "string") return;
    const fields = parsedObject(value);
    if (fields) {
      for (const [key, field] of Object.entries(fields))
        if (SECRET_FIELD.test(key) || URL_PASSWORD.test(String(field))) this.#learnValue(field);
      return;
    }
    const password = URL_PASSWORD.exec(value)?.[1];
    for (const secret of [value, password]) {
      if (secret !== undefined && secret.length >= MIN_LENGTH) this.#values.add(secret);
    }
  }

  #holdsSecret(text: string): boolean {
    if (this.#values.size === 0) return false;
    const plain = decoded(text);
    for (const secret of this.#values) if (text.includes(secret) || plain.includes(secret)) return true;
    return false;
  }

  #walk(value: unknown, path: string, marked: string[]): void {
    if (typeof value !== "object" || value === null) return;
    if (value instanceof Secret) {
      marked.push(path);
      this.#learnMarked(value.value);
      return;
    }
    for (const [key, property] of Object.entries(value)) {
      if (typeof property !== "object" || property === null) continue;
      this.#walk(property, pathTo(value, path, key), marked);
    }
  }

  #learnMarked(value: unknown): void {
    if (typeof value === "object" && value !== null) {
      for (const part of Object.values(value)) this.#learnMarked(part);
    } else this.#learnValue(value);
  }
}

/** True where one path is the other or lies within it. */
function overlaps(one: string, other: string): boolean {
  const within = (inner: string, outer: string): boolean =>
    inner === outer || (inner.startsWith(outer) && /[.[]/.test(inner.charAt(outer.length)));
  return within(one, other) || within(other, one);
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function finding(property: string, is: string): Finding {
  return {
    property,
    is,
    must: "free of secrets",
    fix: "Put the value in Secrets Manager, pass its ARN, and read it at run time.",
  };
}
