import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeReportFolder } from "../../scripts/report-folder.ts";

const refused = (given: string, why: string) => (error: Error) =>
  error.message ===
  `The report cannot be written into ${given}: ${why}. Name a folder that can be: --output <folder>`;

describe("a report's folder", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-folder-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is made with those that it lies in, and may be there", async () => {
    const deep = join(folder, "a", "b", "c");
    for (const time of ["first", "second"]) {
      await makeReportFolder(deep, "a/b/c", "--output");
      assert.ok((await stat(deep)).isDirectory(), time);
    }
  });

  it("is made once where two commands ask for it", async () => {
    const deep = join(folder, "shared", "by", "two");
    await Promise.all(Array.from({ length: 4 }, () => makeReportFolder(deep, "shared", "--output")));
    assert.ok((await stat(deep)).isDirectory());
  });

  it("is no file, and not below one", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    for (const path of [file, join(file, "below"), join(file, "far", "below")])
      await assert.rejects(
        makeReportFolder(path, "file", "--output"),
        refused("file", "it is a file, or below one"),
      );
  });

  it("is refused where the file system makes none", async function () {
    if (process.platform !== "linux") this.skip();
    this.timeout(5000);
    await assert.rejects(
      makeReportFolder("/proc/report/below", "/proc/report/below", "--output"),
      refused("/proc/report/below", "no folder can be made there"),
    );
  });
});
