// The program under the SDK's own mocks, which answer in-process: evaluation without any communication.
import * as pulumi from "@pulumi/pulumi";

await pulumi.runtime.setMocks(
  {
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
    call: () => ({ accountId: "123456789012" }),
  },
  "macro-ai",
  "production",
  true,
);
await pulumi.runtime.runInPulumiStack(() => import("../stacks/index.ts"));
await pulumi.runtime.disconnect();
