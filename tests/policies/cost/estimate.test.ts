import assert from "node:assert/strict";
import { rules as known } from "../../../sandbox/cloud/aws/index.ts";
import { PRICERS, total } from "../../../policies/cost/estimate.ts";
import { FREE } from "../../../policies/cost/free.ts";
import { prices, sources } from "../../../policies/cost/prices.ts";
import { ENVIRONMENTS, SCALES, subjectOf } from "../../../policies/cost/subject.ts";
import { environments, scales } from "../../../stacks/environments.ts";
import { unknown, type Inputs } from "../harness.ts";
import { cents, gaps, one, priced, production } from "./priced.ts";

const database: Inputs = {
  engine: "postgres",
  instanceClass: "db.t4g.medium",
  multiAz: true,
  storageType: "gp3",
  allocatedStorage: 50,
};
const instance = (inputs: Inputs = {}) =>
  one("database", "aws:rds/instance:Instance", { ...database, ...inputs });

const ADD =
  'Add its price with source, date and region to policies/cost/prices.ts (CONTRIBUTING.md, "To add a price").';

describe("the price model", () => {
  it("prices or frees every type that the stand-in cloud knows, and no type twice", () => {
    const missing = Object.keys(known).filter((type) => !(type in PRICERS) && !(type in FREE));
    // Nobody has found its price in a source yet, and the program makes none.
    assert.deepEqual(missing, ["aws:cloudwatch/compositeAlarm:CompositeAlarm"]);
    assert.deepEqual(
      Object.keys(PRICERS).filter((type) => type in FREE),
      [],
    );
    for (const [type, reason] of Object.entries(FREE)) assert.ok(reason.length > 5, type);
  });

  it("has a source, a date, a unit and a region for every price", () => {
    for (const [id, price] of Object.entries(prices)) {
      assert.ok(price.usd > 0 && price.unit !== "" && price.regions.length > 0, id);
      assert.ok(price.sources.length > 0, id);
      for (const source of price.sources) assert.match(sources[source].date, /^\d{4}-\d{2}-\d{2}$/, id);
    }
  });

  it("knows the program's environments and scales", () => {
    assert.deepEqual(ENVIRONMENTS, environments);
    assert.deepEqual(SCALES, scales);
    const there = { "macro-ai:environment": "dr", "aws:region": "us-west-2" };
    assert.deepEqual(subjectOf(there), { environment: "dr", scale: "hobby", region: "us-west-2" });
    assert.equal(subjectOf({ "aws:region": "us-east-1" }), undefined);
  });

  it("prices storage that grows by itself, and tasks that scale, at their least and at their most", () => {
    const stack = [
      instance({ maxAllocatedStorage: 200 }),
      one("task", "aws:ecs/taskDefinition:TaskDefinition", { cpu: "256", memory: "512" }),
      one(
        "api",
        "aws:ecs/service:Service",
        { launchType: "FARGATE", desiredCount: 9 },
        { taskDefinition: ["task"] },
      ),
      one(
        "scaling",
        "aws:appautoscaling/target:Target",
        { minCapacity: 1, maxCapacity: 3 },
        { resourceId: ["api"] },
      ),
    ];
    const { lines } = priced(stack, { "rds.backupGb": 0, "xray.traces": 0, "route53.zones": 0 });
    const task = (0.25 * 0.04048 + 0.5 * 0.004445) * 730;
    assert.deepEqual(cents({ lines: lines.filter(({ resource }) => resource === "api") }), [
      task.toFixed(2),
      (3 * task).toFixed(2),
    ]);
    assert.deepEqual(cents({ lines: lines.filter(({ price }) => price === "rds-gp3-multi-az") }), [
      "11.50",
      "46.00",
    ]);
  });

  it("tells what is always free, once for all resources that share it, and counts none of it off", () => {
    const alarms = Array.from({ length: 12 }, (_, index) =>
      one(`alarm-${index}`, "aws:cloudwatch/metricAlarm:MetricAlarm", { period: 60 }),
    );
    const result = priced(alarms, { "route53.zones": 0 });
    assert.deepEqual(cents(result), ["1.20", "1.20"]);
    assert.equal(total(result.allowances).max.toFixed(2), "1.00");
    assert.deepEqual(
      result.allowances.map(({ pool }) => pool),
      ["alarms"],
    );
  });

  it("prices an alarm by the metrics that it reads, and twice as often as a minute dearer", () => {
    const price = (inputs: Inputs): string =>
      cents(
        priced([one("alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", inputs)], { "route53.zones": 0 }),
      )[1];
    assert.equal(price({ period: 300 }), "0.10");
    assert.equal(price({ period: 10 }), "0.30");
    const metricQueries = [
      { id: "result", expression: "m / n" },
      { id: "m", metric: {} },
      { id: "n", metric: {} },
    ];
    assert.equal(price({ metricQueries }), "0.20");
  });

  it("counts a load balancer's addresses by the subnets that an unknown list comes from", () => {
    const subnets = ["a", "b", "c"].map((name) => one(name, "aws:ec2/subnet:Subnet"));
    const names = subnets.map(({ name }) => name);
    const balancer = one(
      "balancer",
      "aws:lb/loadBalancer:LoadBalancer",
      { subnets: unknown },
      { subnets: names },
    );
    const { lines } = priced([...subnets, balancer]);
    assert.equal(lines.find(({ price }) => price === "public-ipv4")?.quantity.max, 3 * 730);
  });

  it("charges a proxy by its database's processors, and for two at least", () => {
    const stack = [
      instance(),
      one("proxy", "aws:rds/proxy:Proxy"),
      one(
        "target",
        "aws:rds/proxyTarget:ProxyTarget",
        {},
        { dbProxyName: ["proxy"], dbInstanceIdentifier: ["database"] },
      ),
    ];
    const proxy = priced(stack).lines.filter(({ resource }) => resource === "proxy");
    assert.deepEqual(cents({ lines: proxy }), ["21.90", "21.90"]);
  });

  it("charges a secret's copies where they lie", () => {
    const secret = one("secret", "aws:secretsmanager/secret:Secret", { replicas: [{ region: "us-west-2" }] });
    const { lines, unpriced } = priced([secret]);
    assert.deepEqual(unpriced, []);
    assert.deepEqual(
      lines.filter(({ price }) => price === "secret").map(({ region }) => region),
      ["us-east-1", "us-west-2"],
    );
  });
});

describe("without a price", () => {
  const cases: [what: string, fixture: ReturnType<typeof one>, message: string][] = [
    [
      "a type",
      one("search", "aws:opensearch/domain:Domain"),
      'search: type is without a price; it must be priced, or declared free with the reason. Price aws:opensearch/domain:Domain in policies/cost/kinds/, or name it in policies/cost/free.ts (CONTRIBUTING.md, "To add a price").',
    ],
    [
      "an instance class",
      instance({ instanceClass: "db.x2g.large" }),
      `database: instanceClass is db.x2g.large (rds-postgres-multi-az); it must be one of db.t4g.micro, db.t4g.small, db.t4g.medium, db.t4g.large, db.r6g.large, db.m6g.large, db.m7g.large, which have prices. ${ADD}`,
    ],
    [
      "a cache engine",
      one("cache", "aws:elasticache/replicationGroup:ReplicationGroup", {
        engine: "memcached",
        nodeType: "cache.t4g.micro",
      }),
      `cache: nodeType is cache.t4g.micro (elasticache-memcached); it must be of an engine with prices. ${ADD}`,
    ],
    [
      "a kind of storage",
      instance({ storageType: "io2" }),
      `database: storageType is "io2"; it must be one of "gp3", which have prices. ${ADD}`,
    ],
    [
      "a region",
      one("gateway", "aws:ec2/natGateway:NatGateway", { region: "eu-west-2" }),
      `gateway: region is eu-west-2, for which there is no price of nat-gateway; it must be one with prices: us-east-1. ${ADD}`,
    ],
    [
      "a launch type",
      one("api", "aws:ecs/service:Service", { launchType: "EC2" }),
      `api: launchType is "EC2"; it must be one of "FARGATE", which have prices. ${ADD}`,
    ],
    [
      "a kind of load balancer",
      one("balancer", "aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "network", subnets: ["a"] }),
      `balancer: loadBalancerType is "network"; it must be one of "application", which have prices. ${ADD}`,
    ],
  ];
  for (const [what, fixture, message] of cases) {
    it(`${what} is named with what is known, and is in no sum`, () => {
      const result = priced([fixture], { "route53.zones": 0 });
      assert.deepEqual(gaps(result), [message]);
      assert.deepEqual(
        result.lines.filter(({ resource }) => resource === fixture.name),
        [],
      );
    });
  }

  it("a whole region is named for everything that is in it", () => {
    const stack = [
      instance(),
      one("gateway", "aws:ec2/natGateway:NatGateway"),
      one("logs", "aws:cloudwatch/logGroup:LogGroup"),
    ];
    const { unpriced } = priced(stack, {}, { ...production, region: "eu-west-2" });
    assert.deepEqual(
      unpriced.map(({ resource, reason }) => [resource.name, reason.property]),
      [
        ["database", "region"],
        ["gateway", "region"],
        ["logs", "region"],
      ],
    );
  });

  it("what only the update knows is open, and no guess", () => {
    const [gap] = priced([instance({ instanceClass: unknown })]).unpriced;
    assert.equal(gap?.reason.unknown, true);
    assert.equal(gap.reason.is, "not known yet");
  });

  it("one thing does not hide the others", () => {
    const stack = [instance({ instanceClass: "db.x2g.large" }), one("key", "aws:kms/key:Key")];
    const result = priced(stack, { "route53.zones": 0, "kms.requests": 0 });
    assert.equal(result.unpriced.length, 1);
    assert.deepEqual(cents(result), ["1.00", "1.00"]);
  });
});
