// Pulumi's runner puts ts-node, with a type check of several seconds, in front of every .ts file that is required.
// An import goes past it: Node strips the types by itself.
import "./index.ts";
