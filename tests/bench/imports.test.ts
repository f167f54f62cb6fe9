import assert from "node:assert/strict";
import { importedModules, packageOf } from "../../bench/imports.ts";

describe("bench/imports", () => {
  it("finds the packages' modules that a source needs when it runs", () => {
    const source = `
      import "side-effect";
      import type * as types from "only/types";
      import { join } from "node:path";
      import { Vpc as Other, type Args } from "@pulumi/awsx/ec2/vpc.js";
      import { own } from "./own.ts";
      export { z } from "zod";
      export type { T } from "also/types";
      const text = 'import "none"';
      export const value: string = text;
    `;
    assert.deepEqual(importedModules(source), ["side-effect", "@pulumi/awsx/ec2/vpc.js", "zod"]);
  });

  it("knows the package of a module, scoped or not", () => {
    assert.equal(packageOf("@pulumi/awsx/ec2/vpc.js"), "@pulumi/awsx");
    assert.equal(packageOf("zod/v4/core"), "zod");
    assert.equal(packageOf("zod"), "zod");
  });
});
