import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { buildReport, isRefused, type Report } from "../../../scripts/report/build.ts";
import type { Snapshot } from "../../../policies/core/snapshot.ts";
import { asHtml } from "../../../scripts/report/html.ts";
import { asMarkdown } from "../../../scripts/report/markdown.ts";
import { parsePreview, type Preview, type Step } from "../../../scripts/report/preview.ts";
import { snapshotOf, statesOf } from "../../../scripts/report/states.ts";
import { asText } from "../../../scripts/report/text.ts";
import { changed, created, deleted, preview, same, state, urnOf } from "./previews.ts";
import { recorded } from "./record.ts";

const today = new Date("2026-11-23");
const build = (given: Preview, more: object = {}): Promise<Report> =>
  buildReport({ stack: "production", preview: given, against: "main", today, ...more });
// A CI server is given colours, as a terminal is.
const plain = (report: Report): string => stripVTControlCharacters(asText(report));

describe("the report of a recorded preview of production", function () {
  this.timeout(60_000);
  let report: Report;
  before(async () => {
    report = await build(parsePreview(recorded(), "recorded", "production"));
  });

  it("counts what happens", () => {
    assert.deepEqual(report.counts, { delete: 13, replace: 1, create: 14, update: 8, same: 290 });
    assert.deepEqual(report.errors, []);
  });

  it("names what is lost", () => {
    assert.deepEqual(report.losses.map(({ resource }) => resource).sort(), [
      'ecr Repository "registry-replica-macro-ai-client-ui"',
      'ecr Repository "registry-replica-macro-ai-express-api"',
      'kms Key "replica-key"',
      'rds InstanceAutomatedBackupsReplication "database-backups"',
    ]);
    assert.match(plain(report), /DATA WOULD BE LOST\n {2}ecr Repository/);
  });

  it("gives the cost's difference, and from which lines", () => {
    const { cost } = report;
    assert.ok(cost);
    const [first] = cost.lines;
    assert.equal(first?.what, "db.r6g.large, Multi-AZ in place of db.t4g.medium, Multi-AZ");
    assert.ok(cost.isOver);
    const sum = cost.lines.reduce((total, { difference }) => total + difference.max, 0);
    assert.ok(Math.abs(sum - cost.difference.max) < 0.05, `${sum} ${cost.difference.max}`);
    assert.ok(Math.abs(cost.after.max - cost.before.max - cost.difference.max) < 0.005);
    assert.deepEqual(cost.unpriced, []);
  });

  it("has the policies judge it, the budget among them", () => {
    const { findings } = report.policies ?? assert.fail();
    const mandatory = findings.filter(({ level }) => level === "mandatory");
    assert.ok(mandatory.some(({ rule }) => rule === "cost-within-budget"));
    assert.ok(isRefused(report));
    assert.equal(findings[0]?.level, "mandatory", "the mandatory come first");
    assert.match(report.notes.join(), /judged the preview's own words/);
  });

  it("compares who reaches whom", () => {
    assert.deepEqual(
      report.network?.changes.map(({ kind, from, to, port }) => `${kind} ${from} > ${to}: ${port}`),
      [
        "opened api > network-endpoints: tcp 443",
        "opened bootstrap > network-endpoints: tcp 443",
        "opened rotation-cache > network-endpoints: tcp 443",
        "opened rotation-database > network-endpoints: tcp 443",
        "closed bootstrap > internet: tcp 443",
        "closed rotation-database > internet: tcp 443",
      ],
    );
    assert.deepEqual(report.network.problems, []);
  });

  it("draws what is there, and marks what changes", () => {
    const { svg, mermaid, undrawn } = report.topology;
    assert.deepEqual(undrawn, []);
    for (const text of [
      "ElastiCache Redis",
      "RDS PostgreSQL 15",
      "10.0.0.0/16",
      "one /28 in each of 3 zones",
    ])
      assert.ok(svg.includes(text), text);
    assert.match(svg, />UPDATED/);
    assert.match(mermaid, /\["<b>RDS PostgreSQL 15<\/b><br>db\.r6g\.large.*<br>UPDATED: /);
    assert.match(mermaid, /classDef updated stroke:#/);
    const nat = mermaid.split("\n").find((line) => line.includes("NAT gateway")) ?? "";
    assert.doesNotMatch(nat, /UPDATED/, "an endpoint is no gateway");
  });
});

describe("a report", () => {
  const group = "aws:ec2/securityGroup:SecurityGroup";
  const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const web = state(group, "web", { id: "sg-1" });
  const rule = (name: string, groupUrn: string, inputs: object) =>
    state(ingress, name, {
      inputs: { ipProtocol: "tcp", fromPort: 22, toPort: 22, description: name, ...inputs },
      propertyDependencies: { securityGroupId: [groupUrn] },
    });

  it("finds ways between groups that no id is known of yet, and those from the internet", async () => {
    const fresh = state(group, "fresh");
    const open = rule("ssh", fresh.urn, { securityGroupId: "unknown", cidrIpv4: "0.0.0.0/0" });
    const { network } = await build(preview([same(web), created(fresh), created(open)]));
    const [way] = network?.changes ?? [];
    assert.deepEqual(
      [way?.kind, way?.from, way?.to, way?.fromInternet],
      ["opened", "internet", "fresh", true],
    );
  });

  it("goes on where a rule is open on one side alone, and says so", async () => {
    const half = rule("half", web.urn, { securityGroupId: "sg-1", referencedSecurityGroupId: "sg-1" });
    const { network } = await build(preview([same(web), created(half)]));
    assert.match(network?.problems.join() ?? "", /open on one side alone/);
    assert.equal(network?.changes.length, 1);
  });

  it("frames a part as deleted only when nothing of it is left", async () => {
    const alarm = (name: string, threshold: number) =>
      state("aws:cloudwatch/metricAlarm:MetricAlarm", name, {
        inputs: { name, threshold, metricName: "Errors", namespace: "AWS/Lambda" },
      });
    const [one, other] = [alarm("one", 1), alarm("other", 1)];
    const more = changed("update", other, alarm("other", 2));
    const framed = async (...steps: Step[]): Promise<string> =>
      /(?:UPDATED|DELETED|REPLACED|CREATED)[^"]*/.exec((await build(preview(steps))).topology.mermaid)?.[0] ??
      "";
    assert.equal(await framed(deleted(one), more), "UPDATED: 1 deleted, 1 updated");
    assert.equal(await framed(deleted(one), created(other)), "UPDATED: 1 deleted, 1 created");
    assert.equal(await framed(deleted(one), deleted(other)), "DELETED: 2 deleted");
    assert.equal(await framed(created(one), created(other)), "CREATED: 2 created");
  });

  it("judges no budget where a part has no price", async () => {
    const config = { "aws:region": "us-east-1", "macro-ai:environment": "staging" };
    const key = created(state("aws:kms/key:Key", "key"));
    const search = created(state("aws:opensearch/domain:Domain", "search"));
    const told = async (...steps: Step[]): Promise<string> => plain(await build(preview(steps, { config })));
    assert.match(await told(key), /GBP 0\.79 in all, within the budget of GBP 5\.00/);
    assert.match(
      await told(key, search),
      /in all, and what has no price, of which nobody knows whether it is within the budget/,
    );
  });

  it("says first why the engine would refuse it", async () => {
    const urn = urnOf("aws:s3/bucket:Bucket", "files");
    const report = await build(
      preview([], {
        diagnostics: [
          { urn, severity: "error", message: "unable to replace it: it is protected" },
          { severity: "error", message: "preview failed" },
          { severity: "warning", message: "old" },
        ],
      }),
    );
    assert.deepEqual(report.errors, ['s3 Bucket "files": unable to replace it: it is protected']);
    assert.ok(isRefused(report));
    assert.match(plain(report).split("\n\n")[1] ?? "", /^The engine would refuse this\n.*protected/);
  });

  it("judges no part of a stack: not where the preview ended early, and nothing recorded the rest", async () => {
    const config = {
      "aws:region": "us-east-1",
      "macro-ai:environment": "production",
      "macro-ai:scale": "enterprise",
    };
    const failed = preview([], {
      config,
      diagnostics: [{ severity: "error", message: "error: The configuration has a problem" }],
    });
    const report = await build(failed, { notes: ["of the caller"] });
    assert.deepEqual(
      [report.policies, report.cost, report.network],
      [undefined, undefined, undefined],
      JSON.stringify(report),
    );
    assert.ok(isRefused(report));
    for (const text of [plain(report), asMarkdown(report), asHtml(report)]) {
      assert.match(text, /the preview ended early, 0 unchanged until then/);
      assert.match(text, /Policies, cost and network are not judged: the preview ended before/);
      assert.doesNotMatch(text, /GBP|no violations|stays as it is|as it is, \d+ ways|--snapshot takes/);
    }
    const snapshot = snapshotOf(statesOf(failed, "after"), config);
    const whole = await build(failed, { snapshot });
    assert.ok(whole.policies && whole.cost && whole.network);
  });

  it("shows what an exemption sets aside, with its reason, owner and end", async () => {
    const topic = state("aws:sns/topic:Topic", "news");
    const given = preview([created(topic)]);
    const snapshot: Snapshot = {
      ...snapshotOf(statesOf(given, "after"), given.config),
      configuration: {
        exemptions: ["sns-topic-encrypted", "sns-tls-only"].map((rule) => ({
          rule,
          resource: topic.urn,
          reason: "Public news",
          owner: "press",
          expires: "2026-12-31",
        })),
      },
    };
    const report = await build(given, { snapshot });
    assert.deepEqual(
      report.policies?.findings.map(({ level }) => level),
      ["exempt", "exempt"],
    );
    assert.ok(!isRefused(report));
    assert.match(
      asMarkdown(report),
      /- sns-topic-encrypted is set aside for 1 resource\(s\) until 2026-12-31 by press: Public news/,
    );
    const late = await build(given, { snapshot, today: new Date("2027-01-01") });
    assert.ok(isRefused(late));
  });

  it("has no cost for a program whose use nobody has told, and names what nobody can draw", async () => {
    const report = await build(preview([created(state("aws:efs/fileSystem:FileSystem", "files"))]));
    assert.equal(report.cost, undefined);
    assert.deepEqual(report.topology.undrawn, ["aws:efs/fileSystem:FileSystem"]);
  });
});
