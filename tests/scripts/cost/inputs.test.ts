import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Snapshot } from "../../../policies/core/snapshot.ts";
import { price, readSnapshot, readUsage } from "../../../scripts/cost/inputs.ts";
import { cost } from "../../../scripts/cost/command.ts";
import { difference } from "../../../policies/cost/difference.ts";
import { asData, asTables } from "../../../scripts/cost/show.ts";

const stack = { "macro-ai:environment": "staging", "aws:region": "us-east-1" };
const gateway = "aws:ec2/natGateway:NatGateway";

function snapshotOf(
  resources: Record<string, [type: string, inputs?: object]>,
  configuration = stack,
): Snapshot {
  const all = Object.entries(resources).map(([name, [type, inputs = {}]]) => ({
    urn: `urn:pulumi:staging::macro-ai::${type}::${name}`,
    name,
    type,
    custom: true,
    inputs: inputs as Record<string, unknown>,
  }));
  return {
    occasion: { preview: true, stack: configuration },
    configuration: {},
    declared: all.map((one) => ({ ...one, secrets: [] })),
    finished: all.map(({ inputs, ...one }) => ({ ...one, outputs: inputs, propertyDependencies: {} })),
  };
}

describe("npm run cost", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cost-inputs-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  it("takes usage in YAML and in JSON, over the committed one", async () => {
    const snapshot = snapshotOf({ gateway: [gateway] });
    for (const [name, content] of [
      ["usage.yaml", "staging:\n  nat.processedGb: 100\n"],
      ["usage.json", '{ "staging": { "nat.processedGb": 100 } }'],
    ] as const) {
      const { estimate } = price(snapshot, await readUsage(await file(name, content)));
      assert.equal(estimate.lines.find(({ kind }) => kind === "usage")?.usd.max.toFixed(2), "4.50");
    }
  });

  it("tells what is wrong with a file in one error with the next step", async () => {
    const broken = await file("broken.yaml", "staging: [1");
    const foreign = await file("foreign.json", '{ "steps": [], "changeSummary": {} }');
    const half = await file("half.json", '{ "occasion": {}, "declared": [], "finished": [] }');
    const text = await file("text.json", "Previewing update");
    const wrong = await file("wrong.yaml", "staging: { nat.processedGb: much, nat.gb: 1 }");
    await assert.rejects(
      readUsage(join(folder, "none.yaml")),
      /There is no usage file .*none\.yaml\. Copy .* --usage\./,
    );
    await assert.rejects(readUsage(broken), /broken\.yaml is not YAML: .* Mend it/);
    await assert.rejects(readUsage(wrong), /wrong\.yaml has 2 problem\(s\):/);
    await assert.rejects(
      readSnapshot(join(folder, "none.json")),
      /There is no recorded preview .*MACRO_AI_POLICY_SNAPSHOT=/,
    );
    await assert.rejects(
      readSnapshot(foreign),
      /is JSON, but not what the policy pack records .* other tools cannot be priced\. Record a preview/,
    );
    await assert.rejects(readSnapshot(half), /half\.json is JSON, but not what the policy pack records/);
    await assert.rejects(
      readSnapshot(text),
      /text\.json is not JSON, and so no recorded preview\. Record a preview/,
    );
    const nobody = { "macro-ai:environment": "qa", "aws:region": "us-east-1" };
    assert.throws(
      () => price(snapshotOf({}, nobody)),
      /macro-ai:environment must be one of development, staging, /,
    );
  });

  it("shows what costs, apart by kind, equal lines as one, and the account's allowances beside", () => {
    const alarms = [1, 2, 3, 4].map((index) => [
      `alarm-${index}`,
      ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    ]);
    const priced = price(
      snapshotOf({
        gateway: [gateway],
        ...(Object.fromEntries(alarms) as object),
        search: ["aws:opensearch/domain:Domain"],
      }),
    );
    const shown = asTables("staging", "USD", priced).replaceAll(/\u001b\[\d+m/g, "");
    assert.match(shown, /^staging: staging at hobby scale in us-east-1\n/);
    assert.match(
      shown,
      /Baseline: .*\n.*\ngateway +NAT gateway +0\.045 per hour +32\.85 +32\.85\nalarm-1 and 3 more +alarm +0\.1 per metric +0\.40 +0\.40\nTogether +33\.25 +33\.25\n/,
    );
    assert.match(
      shown,
      /Without a price, and in no sum\n {2}search \(aws:opensearch\/domain:Domain\): type is without a price/,
    );
    assert.match(
      shown,
      /Total: USD 33\.25 a month\. That is USD 26\.75 over USD 6\.50 \(GBP 5\.00, the budget/,
    );
    assert.match(shown, /Not counted: .* up to USD 0\.40 .*\(alarms 0\.40\)/);
  });

  it("judges no budget of a stack of which a part has no price, unless the rest is over it already", () => {
    const told = (names: Record<string, [type: string]>, currency: "GBP" | "USD" = "GBP"): string =>
      stripVTControlCharacters(asTables("staging", currency, price(snapshotOf(names))));
    const key: [string] = ["aws:kms/key:Key"];
    const search: [string] = ["aws:opensearch/domain:Domain"];
    assert.match(told({ key }), /Total: GBP 0\.79 a month\. That is within GBP 5\.00 \(the budget of/);
    assert.match(told({ key }, "USD"), /That is within USD 6\.50 \(GBP 5\.00, the budget of/);
    assert.match(told({ key, search }), /Whether that is within GBP 5\.00 \(.*\) nobody knows/);
    assert.match(told({ gateway: [gateway], search }), /That is GBP 20\.27 over GBP 5\.00 \(/);
  });

  it("says the same whatever the order in which the engine shows the resources", () => {
    const names = ["b", "d", "a", "e", "c"];
    const snapshot = (order: string[]) =>
      snapshotOf(
        Object.fromEntries(
          order.flatMap((name) => [
            [`key-${name}`, ["aws:kms/key:Key"]],
            [`secret-${name}`, ["aws:secretsmanager/secret:Secret"]],
            [`search-${name}`, ["aws:opensearch/domain:Domain"]],
          ]),
        ),
      );
    const [one, other] = [names, names.toReversed()].map((order) => price(snapshot(order)));
    assert.ok(one && other);
    assert.equal(asTables("staging", "GBP", one), asTables("staging", "GBP", other));
    assert.equal(asData("staging", "GBP", one), asData("staging", "GBP", other));
    assert.match(asTables("staging", "GBP", one), /key-a and 4 more/);
  });

  it("refuses a quantity for a name that the stack does not have", async () => {
    const snapshot = await file("gateway.json", JSON.stringify(snapshotOf({ "network-1": [gateway] })));
    const usage = (name: string) =>
      file("name.yaml", `staging: { resources: { ${name}: { nat.processedGb: 900 } } }`);
    await assert.rejects(
      cost(["--snapshot", snapshot, "--usage", await usage("network-gateway")]),
      /name\.yaml has 1 problem\(s\):\n {2}staging\.resources\["network-gateway"\]\.nat\.processedGb matches no .*; there is network-1\n/,
    );
    const { unread, estimate } = price(
      snapshotOf({ "network-1": [gateway] }),
      await readUsage(await usage("network-1")),
    );
    assert.deepEqual(unread, []);
    assert.equal(estimate.lines.find(({ kind }) => kind === "usage")?.usd.max.toFixed(2), "40.50");
  });

  it("says of a revision that is not there before it previews anything", async () => {
    const told: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text) => told.push(String(text)) > 0;
    try {
      await assert.rejects(cost(["--diff", "nowhere"]), /no revision "nowhere"/);
    } finally {
      process.stderr.write = write;
    }
    assert.deepEqual(told, []);
  });

  it("shows a change with its sign, by its lines, the largest first", () => {
    const database = (instanceClass: string) => ({
      engine: "postgres",
      instanceClass,
      storageType: "gp3",
      allocatedStorage: 20,
    });
    const rds = "aws:rds/instance:Instance";
    const key = "aws:kms/key:Key";
    const before = price(snapshotOf({ data: [rds, database("db.t4g.micro")], old: [key], same: [key] }));
    const after = price(
      snapshotOf({ data: [rds, database("db.t4g.small")], same: [key], gateway: [gateway] }),
    );
    const change = { revision: "main", before, ...difference(before.estimate.lines, after.estimate.lines) };
    const shown = asTables("staging", "USD", after, change).replaceAll(/\u001b\[\d+m/g, "");
    const said = shown.slice(shown.indexOf("Against"));
    const [head, , ...rows] = said.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | ").trim());
    assert.equal(head, "Against main: this change costs +USD 43.50 a month, from these lines");
    assert.deepEqual(rows, [
      "gateway | NAT gateway | 0.00 | 32.85 | +32.85",
      "data | db.t4g.small in place of db.t4g.micro | 11.68 | 23.36 | +11.68",
      "old | key | 1.00 | 0.00 | -1.00",
      "old | requests | 0.03 | 0.00 | -0.03",
    ]);
    const none = { revision: "main", before, ...difference(after.estimate.lines, after.estimate.lines) };
    assert.match(asTables("staging", "GBP", after, none), /Against main: nothing changes what it costs\./);
  });

  it("gives the same as data, in the currency that was asked for", () => {
    const priced = price(snapshotOf({ gateway: [gateway], search: ["aws:opensearch/domain:Domain"] }));
    const data = JSON.parse(asData("staging", "GBP", priced)) as {
      total: { max: number };
      baseline: { max: number };
      budget: object;
      rate: object;
      lines: { resource: string; price: string; amount: { max: number } }[];
      unpriced: { resource: string }[];
    };
    assert.equal(data.total.max, 32.85 / 1.3);
    assert.equal(data.baseline.max, data.total.max);
    assert.deepEqual(data.budget, { gbp: 5, from: "the budget of staging at hobby scale" });
    assert.deepEqual(data.rate, { usdPerGbp: 1.3, asOf: "2026-08" });
    assert.equal(data.lines[0]?.amount.max, data.total.max);
    assert.deepEqual(
      data.unpriced.map(({ resource }) => resource),
      ["search"],
    );
  });
});
