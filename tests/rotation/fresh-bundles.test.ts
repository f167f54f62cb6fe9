import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildFunctions, ensureBuilt } from "../../rotation/build.ts";
import { bundles, type FunctionName, functions, sha256, sourceHashes } from "../../rotation/bundles.ts";

const advice = "Build them: npm run build (npm ci does it too).";

/** A package as `npm run build` leaves it, of two sources and one dependency. */
async function built(): Promise<{ folder: string; write: (path: string, text: string) => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "fresh-bundles-"));
  const folder = join(root, "rotation");
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  await write("handlers/database.ts", "export const handler = 1;");
  await write("json.ts", "export const json = 1;");
  await write("../node_modules/pg/package.json", '{"version":"8.0.0"}');
  const names = Object.keys(functions) as FunctionName[];
  for (const name of names) await write(`dist/${name}/index.mjs`, name);
  const manifest = {
    sources: sourceHashes(folder),
    packages: { "node_modules/pg": "8.0.0" },
    functions: Object.fromEntries(names.map((name) => [name, { "index.mjs": sha256(name) }])),
  };
  await write("dist/manifest.json", JSON.stringify(manifest));
  return { folder, write };
}

describe("rotation/bundles", () => {
  let folder: string;
  let write: (path: string, text: string) => Promise<void>;
  beforeEach(async () => {
    ({ folder, write } = await built());
  });
  afterEach(() => rm(dirname(folder), { recursive: true }));

  const refused = (fault: string): void => {
    assert.throws(() => bundles(folder), {
      message: `The functions in rotation/dist cannot be deployed: ${fault}. ${advice}`,
    });
  };

  it("gives each function's files and a hash of its content", async () => {
    const { database, cache } = bundles(folder);
    assert.deepEqual(database.files, { "index.mjs": join(folder, "dist/database/index.mjs") });
    assert.notEqual(database.hash, cache.hash);
    await write("README.md", "words alone");
    assert.equal(bundles(folder).database.hash, database.hash);
  });

  it("refuses functions that were never built", async () => {
    await rm(join(folder, "dist"), { recursive: true });
    refused("they were never built");
  });

  it("refuses what other sources gave: changed, new or gone", async () => {
    await write("json.ts", "export const json = 2;");
    refused("rotation/json.ts is not what they were built of");
    await write("json.ts", "export const json = 1;");
    await write("new.ts", "");
    refused("rotation/new.ts is not what they were built of");
    await rm(join(folder, "new.ts"));
    await rm(join(folder, "json.ts"));
    refused("rotation/json.ts is not what they were built of");
  });

  it("refuses what another version of a package gave", async () => {
    await write("../node_modules/pg/package.json", '{"version":"8.0.1"}');
    refused("node_modules/pg is 8.0.1, and they were built of 8.0.0");
    await rm(join(folder, "../node_modules/pg"), { recursive: true });
    refused("node_modules/pg is not installed, and they were built of 8.0.0");
  });

  it("refuses what was changed after it was built, or half of it", async () => {
    await write("dist/cache/index.mjs", "something else");
    refused("rotation/dist/cache/index.mjs is not what was built");
    await rm(join(folder, "dist/cache/index.mjs"));
    refused("rotation/dist/cache/index.mjs is not what was built");
  });
});

describe("rotation/build, once more", function () {
  this.timeout(60_000);

  it("gives the same bytes, and leaves alone what is right already", async () => {
    await buildFunctions();
    const before = bundles();
    const text = await readFile(before.database.files["index.mjs"] ?? "", "utf8");
    assert.ok(!text.includes(process.cwd()), "the bundle names where it was built");
    await buildFunctions();
    assert.deepEqual(bundles(), before);
    assert.deepEqual(await ensureBuilt(), {}, "nothing was stale");
  });
});
