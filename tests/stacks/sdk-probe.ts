// A program as the language host runs it, reduced to what shows whether the SDK debugs itself. Its argument is the address
// of an engine; it prints what it sees as JSON.
import { createRequire } from "node:module";

// Deep enough for the SDK, which leaves its own frames out.
const frames = Array.from({ length: 9 }, () => "    at runner (/formatted.ts:1:1)");
Error.prepareStackTrace = (error: Error) => [String(error), ...frames].join("\n");
await import("../../stacks/quiet-sdk.ts");

const require = createRequire(import.meta.url);
const pulumi = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
const settings = require("@pulumi/pulumi/runtime/settings") as {
  resetOptions: (...values: readonly unknown[]) => void;
  rpcKeepAlive: () => () => void;
};
const { leakedPromises } = require("@pulumi/pulumi/runtime/debuggable") as {
  leakedPromises: () => [Set<{ _debugStackTrace: string }>, string];
};

const [address] = process.argv.slice(2);
settings.resetOptions("probe", "probe", -1, address, address, true, "organization");
// Makes a promise within the SDK, which stays open until it is told.
const done = settings.rpcKeepAlive();
const [promises] = leakedPromises();
done();
await pulumi.runtime.invoke("probe:index:function", { argument: "x" });
await pulumi.log.info("told");
const component = new pulumi.ComponentResource("probe:index:Component", "probe");
await new Promise((resolve) => component.urn.apply(resolve));
process.stdout.write(
  JSON.stringify({
    promiseTraces: [...promises].map(({ _debugStackTrace }) => _debugStackTrace),
    errorTrace: new Error("afterwards").stack,
    stackTraceLimit: Error.stackTraceLimit,
  }),
);
await pulumi.runtime.disconnect();
