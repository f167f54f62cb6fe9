import assert from "node:assert/strict";
import { total } from "../../../policies/cost/estimate.ts";
import type { Fixture } from "../harness.ts";
import { enterpriseStack, enterpriseUse, type Sizes } from "./enterprise.ts";
import { cents, many, one, priced, staging, type Use } from "./priced.ts";

const usual: Sizes = { database: "db.t4g.medium", architecture: "X86_64", cache: "redis", tasks: [2, 2] };

/** Sums that were reckoned by hand from the same prices, in USD; the tests hold the model to their cents. */
describe("the worked sums of enterprise", () => {
  for (const [name, sizes, usd] of [
    ["db.t4g.medium", {}, "278.56"],
    ["db.t4g.medium, Arm tasks and Valkey", { architecture: "ARM64", cache: "valkey" }, "266.68"],
    ["db.t4g.large", { database: "db.t4g.large" }, "372.73"],
    ["db.m6g.large", { database: "db.m6g.large" }, "416.53"],
    ["db.r6g.large", { database: "db.r6g.large" }, "512.89"],
  ] as const satisfies [string, Partial<Sizes>, string][]) {
    it(`with ${name}`, () => {
      const result = priced(enterpriseStack({ ...usual, ...sizes }), enterpriseUse);
      assert.deepEqual(result.unpriced, []);
      assert.deepEqual(cents(result), [usd, usd]);
    });
  }

  it("line by line", () => {
    const { lines } = priced(enterpriseStack(usual), enterpriseUse);
    const of = (...names: string[]): string =>
      cents({ lines: lines.filter(({ resource }) => names.includes(resource.replace(/-\d+$/, ""))) })[0];
    assert.equal(cents({ lines: lines.filter(({ price }) => price.startsWith("rds-postgres")) })[0], "94.17");
    assert.equal(cents({ lines: lines.filter(({ price }) => price.startsWith("rds-gp3")) })[0], "11.50");
    assert.equal(of("proxy"), "21.90");
    assert.equal(of("api"), "36.04");
    assert.equal(of("gateway", "address"), "36.95");
    assert.equal(of("cache"), "23.36");
    assert.equal(of("firewall"), "9.60");
    assert.equal(of("secret"), "1.65");
    assert.equal(of("key"), "2.03");
    assert.equal(of("alarm"), "1.50");
    assert.equal(of("logs"), "10.60");
    assert.equal(of("images", "files", "DNS zone"), "0.81");
    const balancer = (price: string) =>
      cents({
        lines: lines.filter((line) => line.resource === "balancer" && line.price.startsWith(price)),
      })[0];
    assert.equal(balancer("load-balancer"), "19.34");
    assert.equal(balancer("public-ipv4"), "7.30");
    assert.equal(balancer("internet-egress"), "1.80");
  });

  it("and two more tasks when it is scaled out", () => {
    const { min, max } = total(priced(enterpriseStack({ ...usual, tasks: [2, 4] }), enterpriseUse).lines);
    assert.equal(min.toFixed(2), "278.56");
    assert.equal((max - min).toFixed(2), "36.04");
  });
});

/** The sums do not itemise the cents of storage, logs and traces: these quantities come to them. */
function hobbyStack(alarms: number): Fixture[] {
  return [
    one("api", "aws:lambda/function:Function", {
      architectures: ["arm64"],
      memorySize: 512,
      tracingConfig: { mode: "Active" },
    }),
    one("http", "aws:apigatewayv2/api:Api", { protocolType: "HTTP" }),
    ...many(3, "secret", "aws:secretsmanager/secret:Secret"),
    ...many(alarms, "alarm", "aws:cloudwatch/metricAlarm:MetricAlarm"),
    one("files", "aws:s3/bucket:Bucket"),
    one("images", "aws:ecr/repository:Repository"),
    one("logs", "aws:cloudwatch/logGroup:LogGroup"),
  ];
}
const hobbyUse: Use = {
  "lambda.milliseconds": 200,
  "internet.egressGb": 0,
  "secrets.calls": 0,
  "route53.zones": 1,
  "s3.writes": 0,
  "s3.reads": 0,
  "xray.traces": 6000,
};
const stagingUse: Use = {
  ...hobbyUse,
  "lambda.requests": 100_000,
  "httpApi.requests": 100_000,
  "s3.storageGb": 1,
  "ecr.storageGb": 1,
  "logs.ingestedGb": 1,
  "logs.storedGb": 1,
};
const productionUse: Use = {
  ...hobbyUse,
  "lambda.requests": 1_000_000,
  "httpApi.requests": 1_000_000,
  "s3.storageGb": 0.5,
  "ecr.storageGb": 2,
  "logs.ingestedGb": 3,
  "logs.storedGb": 2,
  "xray.traces": 12_000,
};
const paid: Use = { "neon.computeHours": 50, "neon.storageGb": 1, "upstash.commands": 490_000 };

describe("the worked sums of hobby", () => {
  for (const [name, alarms, use, [free, full, gbp]] of [
    ["staging", 0, stagingUse, ["1.92", "2.64", "2.03"]],
    ["production", 4, productionUse, ["2.91", "6.46", "4.97"]],
    ["production with paid Neon and Upstash", 4, { ...productionUse, ...paid }, ["9.54", "13.09", "10.07"]],
  ] as const) {
    it(`${name}, with the free allowances and without`, () => {
      const { lines, allowances } = priced(hobbyStack(alarms), use, staging);
      const all = total(lines).max;
      assert.equal((all - total(allowances).max).toFixed(2), free);
      assert.equal(all.toFixed(2), full);
      assert.equal((all / 1.3).toFixed(2), gbp);
    });
  }
});

describe("what alone breaks a hobby budget", () => {
  const pounds = (fixtures: Fixture[], use: Use = {}): string => {
    const none = {
      "internet.egressGb": 0,
      "alb.capacityUnits": 0,
      "endpoint.processedGb": 0,
      "route53.zones": 0,
      "rds.backupGb": 0,
      "cache.backupGb": 0,
    };
    return (total(priced(fixtures, { ...none, ...use }, staging).lines).max / 1.3).toFixed(1);
  };
  it("costs what was reckoned", () => {
    const gateway = [one("gateway", "aws:ec2/natGateway:NatGateway"), one("address", "aws:ec2/eip:Eip")];
    assert.equal(pounds(gateway, { "nat.processedGb": 0 }), "28.1");
    const subnets = ["subnet-a", "subnet-b"];
    assert.equal(pounds([one("balancer", "aws:lb/loadBalancer:LoadBalancer", { subnets })]), "18.3");
    const database = {
      engine: "postgres",
      instanceClass: "db.t4g.micro",
      storageType: "gp3",
      allocatedStorage: 20,
    };
    assert.equal(pounds([one("database", "aws:rds/instance:Instance", database)]), "10.8");
    const endpoint = { vpcEndpointType: "Interface", subnetIds: ["subnet-a"] };
    assert.equal(pounds([one("endpoint", "aws:ec2/vpcEndpoint:VpcEndpoint", endpoint)]), "5.6");
    const cache = { engine: "valkey", nodeType: "cache.t4g.micro", numCacheClusters: 1 };
    assert.equal(pounds([one("cache", "aws:elasticache/replicationGroup:ReplicationGroup", cache)]), "7.2");
    assert.equal(pounds([], { "neon.computeHours": 0.25 * 730 }), "14.9");
  });
});
