import * as pulumi from "@pulumi/pulumi";
import { secretExamples, secretKeys } from "../../stacks/config/keys.ts";
import type { Environment, Scale } from "../../stacks/environments.ts";
import { run, type RunOptions, type Recording } from "../components/mocks.ts";

/** Configuration, without the namespace where that is the program's: `environment`, `aws:region`. */
export type Given = Record<string, string>;

let evaluations = 0;

/** The least that each scale needs, the secrets aside. */
export function given(environment: Environment, scale: Scale): Given {
  return {
    environment,
    scale,
    alertEmail: "alerts@macro-ai.com",
    ...(scale === "enterprise" && { domain: "macro-ai.com", hostedZoneId: "Z0123456789EXAMPLE" }),
  };
}

/** Evaluates the program, as the engine would load it, under mocks; a secret that is not given is invented. */
export async function evaluate(
  config: Given,
  options: RunOptions = {},
): Promise<{ recording: Recording; outputs: Record<string, unknown> }> {
  const secrets = secretExamples();
  const plain = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `macro-ai:${key}`, value]),
  );
  const { recording, result } = await run(async () => {
    const all = { ...secrets, ...plain };
    pulumi.runtime.setAllConfig(
      all,
      secretKeys().filter((key) => key in all),
    );
    // As the engine runs it: below a stack, whose transformations apply.
    let outputs: Record<string, unknown> = {};
    await pulumi.runtime.runInPulumiStack(async () => {
      // A new address each time, so that the module is evaluated anew.
      outputs = (await import(`../../stacks/index.ts?evaluation=${evaluations++}`)) as typeof outputs;
      return { ...outputs };
    });
    return outputs;
  }, options);
  return { recording, outputs: result };
}
