import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { expectedPage } from "../../scripts/generated-page.ts";
import { connect } from "../../components/connection.ts";
import { aws } from "../../components/aws.ts";
import { securityGroup } from "../../components/security-group.ts";
import { environments } from "../../stacks/environments.ts";
import { run } from "../components/mocks.ts";
import { endName, type Matrix, matrixOf } from "../../scripts/network/matrix.ts";
import { enterprise, evaluateMatrix, grid, networkPage, scenarios } from "./page.ts";

describe("who reaches whom", function () {
  this.timeout(300_000);
  let matrix: Matrix;
  let all: readonly Matrix[];

  before(async () => {
    matrix = await evaluateMatrix(enterprise);
    const made: Matrix[] = [];
    for (const scenario of scenarios) made.push(await evaluateMatrix(scenario));
    all = made;
  });

  it("is what docs/network.md shows", async () => {
    console.log(grid(matrix).replace(/^/gm, "      "));
    const current = await readFile(networkPage.page, "utf8").catch(() => "");
    assert.equal(
      current,
      await expectedPage(networkPage),
      `docs/network.md is stale: ${networkPage.command}, and review what changed`,
    );
  });

  it("is what the system's document asks for, with the cache's port and the proxy before the database", () => {
    assert.deepEqual(
      matrix.ways.map(({ from, to, port }) => `${endName(from)} > ${endName(to)}: ${port}`).sort(),
      [
        "api > cache: tcp 6379",
        "api > internet: tcp 443",
        "api > proxy: tcp 5432",
        "balancer > api: tcp 3040",
        // What prepares the database, and what rotates the passwords: each to its own server, and to AWS.
        "bootstrap > database: tcp 5432",
        "bootstrap > internet: tcp 443",
        "internet > balancer: tcp 443",
        "internet > balancer: tcp 80",
        "proxy > database: tcp 5432",
        "rotation-cache > cache: tcp 6379",
        "rotation-cache > internet: tcp 443",
        "rotation-database > database: tcp 5432",
        "rotation-database > internet: tcp 443",
      ],
    );
  });

  it("is the same in every environment", async () => {
    for (const environment of environments)
      assert.deepEqual(await evaluateMatrix(enterprise, environment), matrix, environment);
  });

  it("lets the internet in at the load balancer alone, which lies in the public subnets", () => {
    for (const { ways, groups } of all) {
      const entered = ways.filter(({ from }) => "addresses" in from).map(({ to }) => endName(to));
      for (const name of entered) {
        assert.equal(name, "balancer");
        assert.deepEqual(groups.find((group) => group.name === name)?.tiers, ["public"]);
      }
    }
  });

  it("lets nothing out of the isolated subnets, and in only what their access list admits", () => {
    for (const { ways, groups, acl } of all) {
      const tiers = new Map(groups.map((group) => [group.name, group.tiers]));
      for (const { name } of groups.filter((group) => group.tiers.includes("isolated"))) {
        assert.deepEqual(
          ways.filter(({ from }) => endName(from) === name),
          [],
          `${name} reaches somebody`,
        );
        for (const { from, port } of ways.filter(({ to }) => endName(to) === name)) {
          assert.deepEqual(tiers.get(endName(from)), ["private"]);
          const number = Number(port.replace("tcp ", ""));
          assert.ok(number >= 1024 && number <= 65535, `the access list stops ${port}`);
        }
      }
      // The private subnets of the mocked network, zone by zone.
      for (const direction of ["in", "out"] as const) {
        const rules = acl.filter((rule) => rule.direction === direction);
        if (groups.length === 0) continue;
        assert.deepEqual(
          rules.map(({ addresses, port, action }) => `${action} ${addresses} ${port}`),
          [1, 17, 33].map((third) => `allow 10.0.${third}.0/24 tcp 1024-65535`),
        );
      }
    }
  });

  it("gives a reason for every way, and a group to everything", () => {
    for (const { ways, groups } of all) {
      for (const { reason } of ways) assert.match(reason, /^.+ to .+: .{5,}$/);
      for (const { name, worn, tiers } of groups) {
        assert.ok(worn.length > 0, `nothing wears ${name}`);
        assert.equal(tiers.length, 1, `${name} is worn in ${tiers.join(" and ")} subnets`);
      }
    }
  });

  describe("of a program that says it otherwise", () => {
    const peer = (name: string) => {
      const group = securityGroup(name, { vpcId: "vpc-1", description: name }, {});
      return { label: name, securityGroupId: group.id, port: 5432 };
    };
    const matrixAfter = async (program: () => void) => matrixOf((await run(program)).recording);

    it("pairs both sides of a connection", async () => {
      const { ways } = await matrixAfter(() => connect(peer("one"), peer("other"), "tests"));
      assert.deepEqual(ways, [
        { from: { group: "one" }, to: { group: "other" }, port: "tcp 5432", reason: "one to other: tests" },
      ]);
    });

    it("refuses one side alone", async () => {
      const half = matrixAfter(() => {
        new aws.vpc.SecurityGroupIngressRule("half", {
          securityGroupId: peer("one").securityGroupId,
          referencedSecurityGroupId: peer("other").securityGroupId,
          ipProtocol: "tcp",
          fromPort: 22,
          toPort: 22,
        });
      });
      await assert.rejects(half, /open on one side alone/);
    });

    it("refuses inline rules, and rules of the older kind", async () => {
      const open = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };
      const inline = matrixAfter(() => {
        new aws.ec2.SecurityGroup("inline", { ingress: [open] });
      });
      await assert.rejects(inline, /inline has inline rules/);
      const older = matrixAfter(() => {
        const securityGroupId: pulumi.Input<string> = peer("one").securityGroupId;
        new aws.ec2.SecurityGroupRule("older", { type: "ingress", securityGroupId, ...open });
      });
      await assert.rejects(older, /use standalone/);
    });
  });
});
