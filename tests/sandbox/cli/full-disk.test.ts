import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SmallProgram } from "./small-program.ts";

/** A disk in memory needs the right to mount one. */
function mount(directory: string, megabytes: number): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", directory], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

async function fill(file: string): Promise<void> {
  const megabyte = Buffer.alloc(1_000_000);
  for (;;) {
    try {
      await appendFile(file, megabyte);
    } catch {
      return;
    }
  }
}

describe("a disk that runs full", function () {
  this.timeout(120_000);
  let small: SmallProgram;
  let isMounted: boolean;
  const filler = () => join(small.paths.directory, "filler");

  beforeEach(async function () {
    small = await SmallProgram.make();
    await mkdir(small.paths.directory, { recursive: true });
    isMounted = mount(small.paths.directory, 26);
    if (!isMounted) this.skip();
  });
  afterEach(async () => {
    if (isMounted) execFileSync("umount", [small.paths.directory]);
    await small.project.remove();
  });

  it("in a stack's first update ends it in one error with nothing lost, and the next run goes on", async () => {
    const { child, ended } = small.begin("start", "--fault", "create:aws:ec2/subnet:Subnet#2=timeout");
    await small.untilMade(2, child);
    await fill(filler());
    const { code, stdout } = await ended;
    assert.equal(code, 1);
    assert.match(
      stdout,
      /The disk that holds \S+ is full, so the command was stopped\. What it had done is saved/,
    );
    assert.deepEqual(await small.differences(), []);
    assert.equal(existsSync(join(small.paths.directory, "reserve")), false);
    await rm(filler());
    const next = await small.run("start");
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.deepEqual(await small.differences(), []);
  });

  it("before a command is told at once, and nothing is changed", async () => {
    assert.equal((await small.run("start")).code, 0);
    const before = await readFile(small.state.file("one"), "utf8");
    await fill(filler());
    for (const args of [
      ["start"],
      ["sandbox", "state", "unprotect", "--all", "--yes", "--stack", "one"],
    ] as const) {
      const [command, ...others] = args;
      const { code, stderr, stdout } = await small.run(command, ...others);
      assert.equal(code, 1, stdout);
      // Where not even the lock can be written, that is what is told.
      assert.match(stderr, /^The disk (?:that holds \S+ has \d\.\d MB left; .*|is full\. .*)\n$/);
      assert.match(stderr, /[Ff]ree some space/);
    }
    assert.equal(await readFile(small.state.file("one"), "utf8"), before);
    await rm(filler());
    await writeFile(filler(), "");
    assert.equal((await small.run("start")).code, 0);
  });
});
