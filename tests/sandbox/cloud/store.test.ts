import assert from "node:assert/strict";
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { CloudFileError, readCloud, Store } from "../../../sandbox/cloud/store.ts";
import { startSandbox, tables, types } from "./fixture.ts";
import { startCloud } from "../../../sandbox/cloud/cloud.ts";

describe("the cloud file", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "store-"));
    file = join(folder, "cloud.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function entry(id: string, state = {}) {
    return { type: "t", id, region: "r", urn: "u", inputs: {}, state, createdAt: "2026-01-01", seed: "00" };
  }

  it("is empty when it is not there, and private when it is", async () => {
    assert.deepEqual(readCloud(file), []);
    const store = new Store(file);
    store.put(entry("a"));
    await store.commit();
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["cloud.json"]);
  });

  it("holds everything when a commit resolves, however many share a write", async () => {
    const store = new Store(file);
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        store.put(entry(`${index}`));
        await store.commit();
        assert.ok(readCloud(file).some(({ id }) => id === `${index}`));
      }),
    );
    assert.equal(readCloud(file).length, 50);
  });

  it("reads back whatever was put into it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string()), fc.jsonValue(), async (ids, value) => {
        const store = new Store(join(folder, "property.json"));
        for (const { type, id, region } of readCloud(store.file)) store.delete(entry(id, { type, region }));
        for (const id of ids) store.put(entry(id, { value }));
        store.reserve("t|r|name", "2999-01-01T00:00:00Z");
        await store.commit();
        const again = new Store(store.file);
        assert.deepEqual(
          again
            .list("t")
            .map(({ id }) => id)
            .toSorted(),
          ids.toSorted(),
        );
        const plain = JSON.parse(JSON.stringify({ value })) as object;
        for (const { state } of again.list("t")) assert.deepEqual(state, plain);
        assert.equal(again.reservedUntil("t|r|name"), "2999-01-01T00:00:00Z");
      }),
      { numRuns: 25 },
    );
  });

  for (const [what, text, message] of [
    ["no JSON", '{"version": 1, "resour', /is not valid JSON .*mv .*cloud.json/],
    ["another version", '{"version": 7}', /has version 7, but this checkout reads version 1/],
    ["broken resources", '{"version": 1, "resources": {"a": {"id": 1}}}', /has no proper "resources"/],
    ["null", "null", /has version undefined/],
  ] as const)
    it(`with ${what} stops the start and is kept`, async () => {
      writeFileSync(file, text);
      await assert.rejects(startCloud({ file, tables }), (error) => {
        assert.ok(error instanceof CloudFileError);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(readFileSync(file, "utf8"), text);
    });

  it("on a full disk fails the creation, says so and stays as it was", async () => {
    const sandbox = await startSandbox({ file });
    await sandbox.aws.create(types.vpc, "a", { cidrBlock: "10.0.0.0/16" });
    const before = readFileSync(file, "utf8");
    // Every write to this device fails for want of space.
    symlinkSync("/dev/full", `${file}.${process.pid}.tmp`);
    const create = () => sandbox.aws.create(types.vpc, "b", { cidrBlock: "10.0.0.0/16" });
    await assert.rejects(create(), {
      message: `The cloud file ${file} cannot be written: no space left on the device. The file is as it was before this operation; mend the cause and run the command again.`,
    });
    await assert.rejects(create(), /cannot be written/);
    assert.equal(readFileSync(file, "utf8"), before);
    await sandbox.end();
  });
});
