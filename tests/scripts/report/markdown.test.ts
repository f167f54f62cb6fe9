import assert from "node:assert/strict";
import { buildReport, type Report } from "../../../scripts/report/build.ts";
import { byComponent, type Change } from "../../../scripts/report/changes.ts";
import { asMarkdown } from "../../../scripts/report/markdown.ts";
import { parsePreview } from "../../../scripts/report/preview.ts";
import { recorded } from "./record.ts";

/** The longest comment that GitHub takes, in characters. */
const GITHUB_LIMIT = 65_536;

describe("the comment under a pull request", function () {
  this.timeout(60_000);
  let report: Report;
  before(async () => {
    const preview = parsePreview(recorded(), "recorded", "production");
    report = await buildReport({
      stack: "production",
      preview,
      against: "main",
      today: new Date("2026-11-23"),
    });
  });

  /** As many changes as this, each with so many properties. */
  const grown = (changes: number, properties: number): Report => {
    const all = Array.from({ length: changes }, (_, at): Change => ({
      urn: `urn:${at}`,
      type: "aws:sns/topic:Topic",
      resource: `sns Topic "topic-${at}"`,
      component: `Alarms "alarms-${at % 50}"`,
      kind: "update",
      properties: Array.from({ length: properties }, (__, index) => ({
        path: `tags.key${index}`,
        kind: "update",
        replaces: false,
        before: "x".repeat(80),
        after: "y".repeat(80),
      })),
    }));
    return {
      ...report,
      components: byComponent([...report.components.flatMap((one) => one.changes), ...all]),
    };
  };

  it("begins with the verdict and what is lost", () => {
    const [heading, , counts, , alert] = asMarkdown(report).split("\n");
    assert.match(
      heading ?? "",
      /^## 🛑 production: data would be lost with 4 resources, and it would be refused$/,
    );
    assert.match(counts ?? "", /^13 deleted, 1 replaced, 14 created/);
    assert.equal(alert, "> [!CAUTION]");
  });

  it("is whole where it fits", () => {
    const text = asMarkdown(report);
    for (const part of ["### Changes", "### Policies", "### Cost", "### Network", "```mermaid"])
      assert.ok(text.includes(part), part);
    assert.ok(text.includes("<code>instanceClass</code>: <code>db.t4g.medium → db.r6g.large</code>"));
    assert.doesNotMatch(text, /Too long for a comment/);
  });

  it("stays below GitHub's limit however much changes, with the loud parts whole", () => {
    for (const large of [grown(300, 4), grown(3000, 10), grown(20_000, 1)]) {
      const text = asMarkdown(large);
      assert.ok(text.length < GITHUB_LIMIT, `${text.length} characters`);
      for (const { resource } of report.losses)
        assert.ok(text.includes(resource.replaceAll(/_/g, "\\_")), `${resource} is gone`);
      assert.ok(text.includes("<code>cost-within-budget</code>"), "the broken rule is gone");
      assert.match(
        text,
        /> Too long for a comment: .*the picture.* are shortened\. All of it is in `report\.html`/,
      );
    }
  });

  it("is below the limit even of nothing but losses", () => {
    const [loss] = report.losses;
    assert.ok(loss);
    const losses = Array.from({ length: 5000 }, () => loss);
    const text = asMarkdown({
      ...report,
      losses,
      components: byComponent(losses),
      errors: Array.from({ length: 500 }, () => "e".repeat(5000)),
    });
    assert.ok(text.length < GITHUB_LIMIT, `${text.length} characters`);
    assert.match(text, /and 4\d{3} more, in `report\.html`/);
  });

  it("drops the quiet parts first: the picture, then the cost's lines, before any change", () => {
    const whole = asMarkdown(report);
    const first = asMarkdown(report, whole.length - 1);
    assert.doesNotMatch(first, /```mermaid/);
    assert.match(first, /shortened/);
    assert.ok(first.includes("<code>instanceClass</code>"));
    assert.ok(first.includes("endpoint in 3 zones"));
    const second = asMarkdown(report, first.length - 500);
    assert.ok(second.includes("<code>instanceClass</code>"));
    assert.ok(second.length < first.length);
  });

  it("takes values literally, and calls nobody by name", () => {
    const evil = "</code>|<img src=x>`@octocat` [x](http://a) **b**\n# h";
    const change = report.components[0]?.changes[0];
    assert.ok(change);
    const properties = [{ path: evil, kind: "update" as const, replaces: false, before: evil, after: "z" }];
    const text = asMarkdown({
      ...report,
      errors: [evil],
      components: byComponent([{ ...change, resource: evil, component: evil, properties }]),
    });
    assert.doesNotMatch(text, /<img|(?<!\\)\*\*b|^# h|^\W*@octocat/m);
    for (const line of text.split("\n").filter((one) => one.includes("octocat")))
      assert.doesNotMatch(line.replaceAll(/<code>.*?<\/code>/g, ""), /@octocat|(?<!\\)\]\(/, line);
  });
});
