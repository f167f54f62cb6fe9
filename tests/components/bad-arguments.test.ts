import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { badArguments } from "./bad-arguments.ts";
import { badServingArguments } from "./bad-serving-arguments.ts";
import { run } from "./mocks.ts";

const cases = { ...badArguments, ...badServingArguments };

describe("bad arguments", () => {
  it("are told by every component there is", async () => {
    const directory = join(import.meta.dirname, "../../components");
    const files = (await readdir(directory, { recursive: true })).filter((file) => file.endsWith(".ts"));
    const sources = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
    const components = sources.flatMap((source) =>
      [...source.matchAll(/class (\w+) extends pulumi\.ComponentResource/g)].map(([, name = ""]) => name),
    );
    assert.deepEqual(Object.keys(cases).sort(), components.sort());
  });

  for (const [component, { make, lines }] of Object.entries(cases)) {
    it(`of ${component} are told all at once, with what to do, before anything is made`, async () => {
      let thrown: unknown;
      const { recording } = await run(() => {
        try {
          make();
        } catch (error) {
          thrown = error;
        }
      });
      assert.ok(pulumi.InputPropertiesError.isInstance(thrown), String(thrown));
      const [title = "", ...told] = thrown.message.split("\n  ");
      assert.deepEqual(told, lines);
      assert.match(title, new RegExp(`^${component} ".+" has ${lines.length} bad arguments?:$`));
      assert.equal(thrown.errors.length, lines.length);
      assert.deepEqual(recording.resources, []);
    });
  }
});
