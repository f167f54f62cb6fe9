import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout, printed, refused, run, succeeded } from "./harness.ts";

const drills = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("macro-ai-dr-drill-"));

describe("the disaster recovery drill", function () {
  this.timeout(900_000);

  it("makes production again from its copies, in one command", async () => {
    const before = await drills();
    const { stdout } = succeeded(await run([join(checkout, "sandbox/drill/run-drill.ts")]));
    assert.match(stdout, /us-east-1 is lost, with \d{3} resources/);
    assert.equal(stdout.match(/^✔ dr: nothing changed/gm)?.length, 1, "the second up finds nothing to do");
    const found = stdout.split("\n").filter((line) => /^[✔✘] (?!\w+: )/u.test(line));
    assert.equal(found.length, 10, stdout);
    assert.deepEqual(
      found.filter((line) => !line.startsWith("✔")),
      [],
    );
    assert.match(stdout, /The drill went well/);
    assert.deepEqual(await drills(), before, "it cleans up after itself");
  });

  it("fails where production had no copies made", async () => {
    const before = new Set(await drills());
    const file = JSON.stringify(join(checkout, "sandbox/drill/drill.ts"));
    const program = `import { drill } from ${file};
      process.exitCode = await drill({ "macro-ai:replicaRegion": undefined });`;
    const ended = refused(await run(["--input-type=module", "--eval", program]));
    assert.match(
      ended.stderr,
      /There are no copies of a database's backups in us-west-2: set macro-ai:replicaRegion us-west-2/,
    );
    const made = (await drills()).filter((name) => !before.has(name));
    assert.equal(made.length, 1, printed(ended));
    await Promise.all(made.map((name) => rm(join(tmpdir(), name), { recursive: true })));
  });
});
