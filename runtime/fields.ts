import * as z from "zod/mini";
import { parseFlags, type FeatureFlags } from "./flags.ts";
import { isKeyring } from "./keyring.ts";
import { parseCacheUrl, parseDatabaseUrl } from "./urls.ts";

/** A text that `objection` has nothing against. Neither messages nor zod's own issues hold what was given. */
function text(objection: (value: string) => string | undefined) {
  return z.string({ error: absent }).check(
    z.superRefine((value, context) => {
      const message = objection(value);
      if (message !== undefined) context.addIssue({ code: "custom", message, input: undefined });
    }),
  );
}

const absent = ({ input }: { input?: unknown }): string =>
  input === undefined ? "is missing" : "must be text";

const matching = (form: RegExp, allowed: string) =>
  text((value) => (form.test(value) ? undefined : `must be ${allowed}`));

/** 32 characters, as the system's document asks; rotation makes 48 letters and digits. */
export const key = text((value) => {
  if (value.trim() !== value) return "begins or ends with a space";
  return value.length < 32
    ? `has ${value.length} characters; 32 are the least: openssl rand -base64 36`
    : undefined;
});

export const ring = z.optional(
  z.unknown().check(
    z.refine((value) => value === undefined || isKeyring(value), {
      error: "is no keyring {keys: [{id, key, activateAt}]}; rotation writes it",
    }),
  ),
);

/** @param tls where a server is one's own machine, plain text may do */
export const databaseUrl = (tls: "required" | "optional") =>
  text((value) => {
    const login = parseDatabaseUrl(value);
    if (typeof login === "string") return login;
    return tls === "required" && login.tls === "unverified"
      ? "turns TLS or its verification off; say sslmode=verify-full"
      : undefined;
  });

export const cacheUrl = (tls: "required" | "optional") =>
  text((value) => {
    const login = parseCacheUrl(value);
    if (typeof login === "string") return login;
    if (tls === "optional") return undefined;
    if (!login.tls) return "must begin with rediss://, which is TLS";
    return login.password === undefined ? "has no password" : undefined;
  });

export const port = z.pipe(
  matching(/^(?!0)\d{1,5}$/, "a port from 1 to 65535"),
  z.pipe(
    z.transform(Number),
    z.number().check(z.refine((number) => number <= 65_535, { error: "must be a port from 1 to 65535" })),
  ),
);

export const domain = matching(
  /^(?:localhost|\.?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/,
  "a domain without scheme, port and path, for example macro-ai.com",
);

export const someText = matching(/^\S(?:.*\S)?$/, "text without spaces around it");
export const openaiKey = matching(/^sk-[\w-]{16,}$/, "sk- and at least 16 letters, digits, _ and -");
export const region = matching(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "a region of AWS, for example us-east-1");
export const userPoolId = matching(
  /^[a-z]{2}(?:-[a-z]+)+-\d_[0-9A-Za-z]{1,55}$/,
  "a user pool's id, for example us-east-1_AbCdEfGhI",
);
export const userPoolClientId = matching(/^[0-9a-z]{20,128}$/, "20 to 128 lower-case letters and digits");
export const userPoolClientSecret = matching(/^[\w+]{24,64}$/, "24 to 64 letters, digits, _ and +");

export const flags = z.pipe(
  text((value) => {
    const parsed = parseFlags(value);
    return typeof parsed === "string" ? parsed : undefined;
  }),
  z.transform((value): Partial<FeatureFlags> => {
    const parsed = parseFlags(value);
    return typeof parsed === "string" ? {} : parsed;
  }),
);

/** One of a few words. */
export const choice = <const Word extends string>(words: readonly [Word, ...Word[]]) =>
  z.enum(words, {
    error: ({ input }) =>
      `${input === undefined ? "is missing; it" : ""} must be ${words.join(" or ")}`.trim(),
  });
