import assert from "node:assert/strict";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";

import { EngineNotFoundError, findEngine, locateEngine } from "../../../sandbox/engine/locate.ts";
import { MINIMUM_VERSION, pinnedVersion } from "../../../sandbox/engine/version.ts";
import { fakeGo, makeMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";

describe("locateEngine", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await makeMachine();
  });
  afterEach(() => machine.remove());

  describe("pulumi on PATH", () => {
    it("is taken, and nothing is built", async () => {
      const pulumi = await machine.install("pulumi", "echo v3.265.0");
      await machine.install("go", fakeGo());
      const engine = await locateEngine(machine.options);
      assert.deepEqual([engine.pulumi, engine.version, engine.source], [pulumi, "3.265.0", "path"]);
      assert.deepEqual(await machine.log(), []);
    });

    it("is passed over when too old, and reported with what is needed", async () => {
      await machine.install("pulumi", "echo v3.100.1");
      await machine.install("go", fakeGo());
      assert.equal((await locateEngine(machine.options)).source, "built");
      assert.match(
        machine.skipped[0]?.reason ?? "",
        new RegExp(`is 3\\.100\\.1; 3\\.x from ${MINIMUM_VERSION} on is needed`),
      );
    });

    it("is passed over when it never answers, for the next one on PATH", async () => {
      await machine.install("pulumi", "sleep 600");
      const other = await machine.install("pulumi", "echo v3.260.0", join(machine.root, "other"));
      const env = { ...machine.env, PATH: [machine.bin, join(machine.root, "other")].join(delimiter) };
      const engine = await locateEngine({ ...machine.options, env, answerLimitMs: 300 });
      assert.equal(engine.pulumi, other);
      assert.match(machine.skipped[0]?.reason ?? "", /took longer than 0\.3 s/);
    });

    it("is passed over when it answers something else", async () => {
      await machine.install("pulumi", "echo welcome");
      assert.equal(await findEngine(machine.options), undefined);
      assert.match(machine.skipped[0]?.reason ?? "", /printed "welcome\\n", not a version/);
    });

    it("is asked once, however many links lead to it", async () => {
      const pulumi = await machine.install("pulumi", "echo asked >> $LOG; echo v3.1.0");
      await mkdir(join(machine.root, "links"));
      await symlink(pulumi, join(machine.root, "links", "pulumi"));
      const env = { ...machine.env, PATH: [machine.bin, join(machine.root, "links")].join(delimiter) };
      await findEngine({ ...machine.options, env });
      assert.deepEqual(await machine.log(), ["asked"]);
    });

    it("gets our language host where it has none of its own, and keeps its own where it has", async () => {
      await machine.install("pulumi", "echo v3.260.0");
      const without = await locateEngine(machine.options);
      const added = (without.environment["PATH"] ?? "").split(delimiter)[1] ?? "";
      assert.match(
        await readFile(join(added, "pulumi-language-nodejs"), "utf8"),
        /exec node "\$MACRO_AI_LANGUAGE_HOST"/,
      );

      await machine.install("pulumi-language-nodejs", "exit 0");
      const own = await locateEngine(machine.options);
      assert.equal((own.environment["PATH"] ?? "").split(delimiter)[1], machine.bin);
    });
  });

  describe("the npm launcher", () => {
    const directory = (version: string): string =>
      join(machine.root, "home", ".pulumi", "versions", version, "bin");

    it("is not needed again once it has downloaded: the pinned version first", async () => {
      await machine.install("pulumi", "echo v3.300.0", directory("3.300.0"));
      const pinned = await machine.install("pulumi", `echo v${pinnedVersion()}`, directory(pinnedVersion()));
      const engine = await locateEngine(machine.options);
      assert.deepEqual([engine.pulumi, engine.source], [pinned, "launcher"]);
    });

    it("downloads the pinned version where its server answers", async () => {
      const server = createServer((_request, response) => response.end()).listen(0, "127.0.0.1");
      try {
        await new Promise((resolve) => server.once("listening", resolve));
        const bin = directory(pinnedVersion());
        await machine.install(
          "npm",
          `echo "$*" >> $LOG; mkdir -p ${bin}
           printf '#!/bin/sh\\necho v${pinnedVersion()}\\n' > ${bin}/pulumi; chmod 755 ${bin}/pulumi`,
        );
        const downloadServer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
        const engine = await locateEngine({ ...machine.options, downloadServer });
        assert.deepEqual([engine.pulumi, engine.source], [join(bin, "pulumi"), "launcher"]);
        assert.deepEqual(await machine.log(), [
          `exec --yes --package=pulumi@${pinnedVersion()} -- pulumi version`,
        ]);
      } finally {
        server.close();
      }
    });

    it("is passed over at once where its server does not answer", async () => {
      await machine.install("npm", "sleep 600");
      await machine.install("go", fakeGo());
      assert.equal((await locateEngine(machine.options)).source, "built");
      assert.ok(machine.skipped.some(({ reason }) => reason === "127.0.0.1:1 is not reachable"));
    });
  });

  describe("no way", () => {
    it("ends in one error that tells what was tried and three ways out", async () => {
      await assert.rejects(locateEngine(machine.options), (error: unknown) => {
        assert.ok(error instanceof EngineNotFoundError);
        assert.deepEqual(
          error.skipped.map(({ source, reason }) => `${source}: ${reason}`),
          ["path: no pulumi on PATH", "launcher: 127.0.0.1:1 is not reachable", "built: go is not installed"],
        );
        assert.match(
          error.message,
          /1\. install the Pulumi CLI[^]*2\. allow the npm launcher[^]*3\. install Go 1\.26/,
        );
        return true;
      });
    });

    it("says that Go is too old", async () => {
      await machine.install("go", fakeGo({ version: "1.20.14" }));
      await assert.rejects(locateEngine(machine.options), /built: Go is 1\.20\.14; 1\.26 is needed/);
    });
  });
});
