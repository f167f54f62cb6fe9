import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump, toolProblems } from "../../../operations/lib/postgres-tools.ts";

describe("operations/lib/postgres-tools", () => {
  const { PATH: path } = process.env;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "macro-ai-tools-"));
  });
  afterEach(() => {
    process.env["PATH"] = path;
  });
  after(() => rm(folder, { recursive: true }));

  async function onPath(version: string): Promise<void> {
    for (const tool of ["pg_dump", "pg_restore"])
      await writeFile(join(folder, tool), `#!/bin/sh\necho '${tool} (PostgreSQL) ${version}'\n`, {
        mode: 0o700,
      });
    process.env["PATH"] = folder;
  }
  const problems = async (from: number, to: number): Promise<string> =>
    (await toolProblems(["pg_dump", "pg_restore"], { from, to })).join("\n");

  for (const [version, from, to, wanted] of [
    ["15.18 (Debian 15.18-0+deb12u1)", 15, 15, /^$/],
    ["16.4", 15, 15, /^$/],
    [
      "17.10",
      15,
      15,
      /^the pg_restore on PATH is of PostgreSQL 17, .* 15 does not know, transaction_timeout: .*postgresql-client-15/,
    ],
    ["17.10", 15, 17, /^$/],
    ["18beta1", 17, 18, /^$/],
    [
      "14.2",
      15,
      16,
      /^the pg_dump .* 14, and Neon's server of 15: .*\nthe pg_restore .* 14, .*postgresql-client-15/,
    ],
    [
      "of no kind",
      15,
      15,
      /^there is no pg_dump on PATH: .*\nthere is no pg_restore on PATH: .*postgresql-client-15\)$/,
    ],
  ] as const)
    it(`${wanted.source === "^$" ? "takes" : "refuses"} tools ${version} from ${from} to ${to}`, async () => {
      await onPath(version);
      assert.match(await problems(from, to), wanted);
    });

  it("says what to install where there is none", async () => {
    process.env["PATH"] = join(folder, "nowhere");
    assert.match(
      (await toolProblems(["pg_dump"])).join(),
      /^there is no pg_dump on PATH: .*Debian: postgresql-client\)/,
    );
    await assert.rejects(
      dump("postgresql://user@localhost/db", join(folder, "dump"), new AbortController().signal),
      /there is no pg_dump on PATH: install PostgreSQL's client programs/,
    );
  });
});
