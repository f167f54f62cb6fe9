import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { readConfig } from "../../stacks/config.ts";
import { secretExamples, secretKeys, standIns } from "../../stacks/config/keys.ts";
import { defaultRegion } from "../../stacks/config/region.ts";
import { changed, enterprise, type Given, hobby } from "./config/given.ts";

const committed = ["staging", "production"] as const;

describe("reading a stack's configuration", () => {
  beforeEach(async () => {
    await pulumi.runtime.setMocks(
      { newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }), call: () => ({}) },
      "macro-ai",
      "s",
    );
  });
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
  });

  it("gives secrets as secret outputs", async () => {
    const { secrets } = read(hobby);
    for (const [name, output] of Object.entries<pulumi.Output<string>>({ ...secrets })) {
      assert.equal(await pulumi.isSecret(output), true, name);
      assert.equal(await value(output), secretExamples()[`macro-ai:${name}`], name);
    }
    assert.equal(Object.keys(secrets).length, 6);
  });

  it("knows a secret that no stack needs as one, and invents none", () => {
    const key = "macro-ai:openaiAdminKey";
    assert.ok(secretKeys().includes(key));
    assert.ok(!standIns().some((standIn) => standIn.key === key));
    assert.ok(Object.keys(secretExamples()).every((name) => secretKeys().includes(name)));
  });

  it("fills in what follows from environment and scale", () => {
    const staging = read(hobby);
    assert.equal(staging.scale, "hobby");
    assert.equal(staging.monthlyBudget, 5);
    assert.equal(staging.deletionProtection, false);
    assert.equal(staging.traits.secretSegment, "staging");
    assert.equal(staging.features.firewall, false);
    assert.equal(staging.region, "us-east-1");
    assert.equal(staging.domain, undefined);
    const production = read(enterprise);
    assert.equal(production.scale, "enterprise");
    assert.equal(production.monthlyBudget, 300);
    assert.equal(production.deletionProtection, true);
    assert.equal(production.features.firewall, true);
    assert.deepEqual(production.domain, { name: "macro-ai.com", hostedZoneId: "Z0123456789EXAMPLE" });
  });

  it("prefers what the stack sets, text of the command line and of YAML alike", () => {
    const config = read(
      changed(enterprise, {
        monthlyBudget: "412.50",
        deletionProtection: "false",
        features: { firewall: false, tracing: "false" },
        database: { engineVersion: 15, instanceClass: "db.r6g.large", allocatedStorageGiB: "80" },
      }),
    );
    assert.equal(config.monthlyBudget, 412.5);
    assert.equal(config.deletionProtection, false);
    assert.deepEqual([config.features.firewall, config.features.tracing], [false, false]);
    assert.deepEqual(config.database, {
      engineVersion: "15",
      instanceClass: "db.r6g.large",
      allocatedStorageGiB: 80,
    });
  });

  it("lets an enterprise stack keep the URLs of hobby, and do without", () => {
    assert.ok("neonDatabaseUrl" in read(enterprise).secrets);
    const without = changed(enterprise, { neonDatabaseUrl: undefined, upstashRedisUrl: undefined });
    assert.ok(!("neonDatabaseUrl" in read(without).secrets));
  });

  it("passes over other namespaces", () => {
    const { raw, secretKeys } = hobby;
    read({ raw: { ...raw, "aws:profile": "none", "database:zones": "9" }, secretKeys });
  });

  it("lies in the region that Pulumi.yaml gives the provider of a stack without one", async () => {
    const project = parse(await readFile(new URL("../../Pulumi.yaml", import.meta.url), "utf8")) as {
      config: Readonly<Record<string, string>>;
    };
    assert.equal(project.config["aws:region"], defaultRegion);
    assert.equal(read(hobby).region, defaultRegion);
    assert.equal(read(changed(hobby, { "aws:region": "eu-west-2" })).region, "eu-west-2");
  });

  it("throws one RunError, which the engine prints without a stack trace", () => {
    const wrong = changed(hobby, { scale: "huge", colour: "red" });
    assert.throws(
      () => read(wrong),
      (error) => pulumi.RunError.isInstance(error) && /has 2 problems/.test(error.message),
    );
  });

  for (const name of committed) {
    it(`takes the committed ${name} stack with the stand-ins for what its owner adds`, async () => {
      const file = await readFile(new URL(`../../Pulumi.${name}.yaml`, import.meta.url), "utf8");
      const plain = [...file.matchAll(/^ {2}([\w-]+:\w+): (.*)$/gm)].map(([, key = "", text = ""]) => [
        key,
        text,
      ]);
      const used = standIns();
      const raw = Object.fromEntries([
        ...plain,
        ...used.map(({ key, value: standIn }) => [key, standIn]),
      ]) as Given["raw"];
      const secretKeys = used.filter(({ secret }) => secret).map(({ key }) => key);
      const config = read({ raw, secretKeys });
      assert.equal(config.environment, name);
      assert.equal(config.scale, name === "production" ? "enterprise" : "hobby");
    });
  }
});

function read({ raw, secretKeys }: Given) {
  pulumi.runtime.setAllConfig({ ...raw }, [...secretKeys]);
  return readConfig();
}

function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
