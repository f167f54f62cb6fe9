/**
 * What Pulumi's SDK does for its own debugging costs as much as evaluating this program (docs/speed.md). It is left out
 * unless `MACRO_AI_DEBUG_SDK` is set. To be imported first.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

if (process.env["MACRO_AI_DEBUG_SDK"] === undefined) {
  leaveStackTracesToNode();
  captureNoTraceForPromises();
  sendNoDebuggingMessages();
  recordNoSourcePositions();
}

/** The runner formats traces through source maps; Node runs our sources as they stand, so its own formatting is right. */
function leaveStackTracesToNode(): void {
  Reflect.deleteProperty(Error, "prepareStackTrace");
}

/** The SDK captures and formats a trace for each promise: several for each property of each resource. */
function captureNoTraceForPromises(): void {
  const debuggable = require("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise: <T>(promise: Promise<T>, context?: unknown) => Promise<T>;
  };
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

/** About four calls to the engine a resource, each with all of the resource's outputs, whether or not anybody reads them. */
function sendNoDebuggingMessages(): void {
  const log = require("@pulumi/pulumi/log") as { debug: (message: string) => Promise<void> };
  log.debug = () => Promise.resolve();
}

/** The SDK tells the engine each resource's stack trace: a sixth of the state, with the paths of whoever deployed last. */
function recordNoSourcePositions(): void {
  const { Resource } = require("@pulumi/pulumi/resource") as {
    Resource: { stackTrace: (skip: number) => readonly unknown[] };
  };
  Resource.stackTrace = () => [];
}
