import * as z from "zod";
import type { Scale } from "../environments.ts";
import { closest } from "./nearest.ts";

export type FieldValue = string | number | boolean;

/** What people are told about one configuration key, in README.md and in errors. */
export interface Field {
  /** What the key does, as a sentence. */
  readonly description: string;
  /** Completes "Allowed: ...". */
  readonly allowed: string;
  /** A value that passes; an obviously invented one where only the account's owner knows the right one. */
  readonly example: FieldValue;
  /** The allowed value to offer in place of a wrong one. */
  readonly suggest: (wrong: unknown) => FieldValue;
  /** How README.md describes what happens without the key. */
  readonly unset?: string;
  /** The scales that cannot work without this secret; left out for a key that is no secret. */
  readonly secretOf?: readonly Scale[];
  /** True for a value that only the account's owner knows, so that no committed stack file holds it. */
  readonly ownersOnly?: boolean;
}

/** The descriptions of all keys; look one up with `fieldOf`. */
const fields = z.registry<Field>();

type About = Pick<Field, "description" | "unset" | "ownersOnly">;

/** One of a few words. `instead` is offered for a value that resembles none of them. */
export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  about: About & { instead: Values[number] },
) {
  return z.enum(values).register(fields, {
    ...about,
    allowed: `one of ${values.join(", ")}`,
    example: about.instead,
    suggest: (wrong) => closest(wrong, values) ?? about.instead,
  });
}

/** A whole number within bounds, both included. */
export function wholeNumber(about: About & { min: number; max: number; unit?: string; example: number }) {
  const { min, max, unit } = about;
  return z.preprocess(numberFromText, z.int().min(min).max(max)).register(fields, {
    ...about,
    allowed: `a whole number${unit === undefined ? "" : ` of ${unit}`} from ${min} to ${max}`,
    suggest: (wrong) => clamp(wrong, about, Math.round),
  });
}

/** One of a few numbers. */
export function step<const Steps extends readonly [number, ...number[]]>(
  steps: Steps,
  about: About & { unit: string; example: Steps[number] },
) {
  return z.preprocess(numberFromText, z.literal<Steps>(steps)).register(fields, {
    ...about,
    allowed: `a number of ${about.unit}: ${steps.join(", ")}`,
    suggest: (wrong) => nearestNumber(wrong, steps) ?? about.example,
  });
}

/** An amount of money above zero. */
export function amount(about: About & { max: number; unit: string; example: number }) {
  return z.preprocess(numberFromText, z.number().positive().max(about.max)).register(fields, {
    ...about,
    allowed: `an amount in ${about.unit} above 0, at most ${about.max}, without the currency`,
    suggest: (wrong) => clamp(wrong, { min: about.example, max: about.max, example: about.example }),
  });
}

/** What people write to switch something on. */
const isOn = /^(?:y|yes|on|1|true)$/i;

/** A switch. */
export function flag(about: About & { example: boolean }) {
  return z
    .preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean())
    .register(fields, {
      ...about,
      allowed: "true or false",
      suggest: (wrong) => wrong === 1 || (typeof wrong === "string" && isOn.test(wrong)) || about.example,
    });
}

/**
 * Text of a given form. `objection` may say what else is wrong with text that has the form;
 * `mend` offers the allowed text that a wrong one probably meant.
 */
export function text(
  about: About & {
    form: RegExp;
    allowed: string;
    example: string;
    objection?: (text: string) => string | undefined;
    mend?: (wrong: string) => string;
  },
) {
  const { form, objection, mend, example } = about;
  const schema = z.preprocess(
    textFromInteger,
    z
      .string()
      .regex(form, { abort: true })
      .superRefine((value, context) => {
        const message = objection?.(value);
        if (message !== undefined) context.addIssue({ code: "custom", message });
      }),
  );
  return schema.register(fields, {
    ...about,
    suggest: (wrong) => {
      const mended = typeof wrong === "string" ? mend?.(wrong) : JSON.stringify(wrong);
      return mended !== undefined && schema.safeParse(mended).success ? mended : example;
    },
  });
}

/** A value that must be stored encrypted. `likeness` completes "does not look like ...". */
export function secret(about: {
  description: string;
  form: RegExp;
  likeness: string;
  example: string;
  secretOf: readonly Scale[];
}) {
  return z
    .string()
    .regex(about.form)
    .register(fields, {
      ...about,
      allowed: about.likeness,
      ownersOnly: true,
      suggest: () => about.example,
    });
}

/** The description of a key's schema, defaults and optionality taken off; undefined for a group of keys. */
export function fieldOf(schema: z.core.$ZodType): Field | undefined {
  return fields.get(unwrap(schema));
}

/** The schema below defaults and optionality. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodPrefault;
  return wrapped ? unwrap(schema._zod.def.innerType) : schema;
}

function numberFromText(value: unknown): unknown {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}

/** `pulumi config set --path` stores `15` as a number even where text is meant. */
function textFromInteger(value: unknown): unknown {
  return Number.isInteger(value) ? String(value) : value;
}

function clamp(
  wrong: unknown,
  bounds: { min: number; max: number; example: number },
  round: (value: number) => number = (value) => value,
): number {
  const value = numberFromText(wrong);
  if (typeof value !== "number" || Number.isNaN(value)) return bounds.example;
  return Math.min(bounds.max, Math.max(bounds.min, round(value)));
}

function nearestNumber(wrong: unknown, steps: readonly number[]): number | undefined {
  const value = numberFromText(wrong);
  if (typeof value !== "number" || Number.isNaN(value)) return undefined;
  return steps.toSorted((a, b) => Math.abs(a - value) - Math.abs(b - value))[0];
}
