import * as z from "zod";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          outputs: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .default([]),
  }),
});

/** A stack as `pulumi stack export` has it, to look outputs up in. */
export interface Exported {
  /** An output of a resource by its type and name; undefined where there is none that is text. */
  find: (type: string, name: string, output: string) => string | undefined;
  /** The stack's own outputs. */
  outputs: Readonly<Record<string, unknown>>;
}

export function readExported(text: unknown): Exported {
  const { resources } = exported.parse(text).deployment;
  return {
    find: (type, name, output) => {
      const found = resources.find((one) => one.type === type && one.urn.endsWith(`::${name}`));
      const value = found?.outputs[output];
      return typeof value === "string" ? value : undefined;
    },
    outputs: resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
  };
}
