import assert from "node:assert/strict";
import { join } from "node:path";

import type { Check } from "../../../sandbox/engine/diagnose.ts";
import { diagnose } from "../../../sandbox/engine/diagnose.ts";
import { fakeGo, makeMachine } from "./machine.ts";
import type { Machine } from "./machine.ts";

describe("npm run doctor", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await makeMachine();
  });
  afterEach(() => machine.remove());

  const check = async (name: string): Promise<Check | undefined> =>
    (await diagnose(machine.options)).find((found) => found.name === name);

  it("finds an engine and asks its language host", async () => {
    await machine.install("pulumi", "echo v3.260.0");
    const host = await machine.install("pulumi-language-nodejs", "echo 4711; sleep 600");
    const checks = await diagnose(machine.options);
    assert.deepEqual(
      checks.map(({ name, state }) => `${name}: ${state}`),
      ["node: ok", "engine: ok", "go: absent", "language host: ok", "cache: ok", "disk: ok", "state: ok"],
    );
    assert.equal(checks[1]?.found, `pulumi 3.260.0, on PATH: ${join(machine.bin, "pulumi")}`);
    assert.equal(checks[3]?.found, `${host} answers`);
  });

  it("says when the language host does not work", async () => {
    await machine.install("pulumi", "echo v3.260.0");
    await machine.install("pulumi-language-nodejs", "echo 'no such module' >&2; exit 1");
    const host = await check("language host");
    assert.equal(host?.state, "missing");
    assert.match(host.found, /failed with exit code 1:\nno such module/);
  });

  it("says what will happen without an engine where Go is there, and builds nothing", async () => {
    await machine.install("go", fakeGo());
    await machine.install("pulumi", "echo v3.1.0");
    assert.deepEqual(await check("engine"), {
      name: "engine",
      state: "absent",
      found: "none that is new enough",
      fix: "npm start downloads Pulumi 3.259.0, or builds it with Go once (4 to 6 min)",
    });
    assert.deepEqual(await machine.log(), []);
    assert.deepEqual(await machine.cached(), []);
  });

  it("misses an engine where nothing could make one", async () => {
    const engine = await check("engine");
    assert.equal(engine?.state, "missing");
    assert.match(engine.fix ?? "", /install pulumi 3\.\d+\.\d+ or newer, or Go 1\.26, or run: npx pulumi@/);
  });
});
