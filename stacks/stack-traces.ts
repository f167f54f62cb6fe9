/**
 * Pulumi's runner formats stack traces through source maps, and its SDK takes several traces a resource: together nearly
 * half of what evaluating this program costs (docs/speed.md). Node runs the program's sources as they stand, so its own
 * formatting tells the same places. To be imported first.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");

/** The SDK takes a trace for each property of each resource. Four frames lead from a fault to the component's caller. */
Error.stackTraceLimit = 4;
