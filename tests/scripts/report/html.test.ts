import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { buildReport, type Report } from "../../../scripts/report/build.ts";
import { byComponent, type Change } from "../../../scripts/report/changes.ts";
import { asHtml } from "../../../scripts/report/html.ts";
import { parsePreview } from "../../../scripts/report/preview.ts";
import { startBrowser } from "./browser.ts";
import { recorded } from "./record.ts";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const screens = {
  phone: { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1440, height: 900 } },
} satisfies Record<string, BrowserContextOptions>;
const schemes = ["light", "dark"] as const;

/** A text without a place to break, and one that would run if it were not taken literally. */
const long = `arn:aws:${"x".repeat(400)}`;
const evil = `</code></script><script>document.title = "run"</script><img src="https://example.com/a.png">`;

describe("the report as a page", function () {
  this.timeout(120_000);
  let browser: Browser;
  let report: Report;

  before(async () => {
    const preview = parsePreview(recorded(), "recorded", "production");
    const made = await buildReport({
      stack: "production",
      preview,
      against: "main",
      today: new Date("2026-11-23"),
    });
    const [own] = made.components;
    const { policies, network } = made;
    assert.ok(own && policies && network);
    const evilChange: Change = {
      urn: "urn",
      type: "aws:s3/bucket:Bucket",
      resource: evil,
      component: long,
      kind: "replace",
      loses: evil,
      properties: [{ path: long, kind: "update", replaces: true, before: long, after: evil }],
    };
    report = {
      ...made,
      errors: [`${evil}\n  ${long}`],
      losses: [...made.losses, evilChange],
      components: [...made.components, ...byComponent([evilChange])],
      policies: {
        ...policies,
        findings: [
          ...policies.findings,
          { level: "waits", rule: "rule", severity: "low", message: long },
          { level: "exempt", rule: "rule", severity: "low", message: evil },
        ],
        exemptions: [{ level: "advisory", message: "set aside until 2027-01-01" }],
      },
      network: {
        ...network,
        changes: [
          ...network.changes,
          { kind: "opened", from: "internet", to: long, port: "tcp 22", reason: evil, fromInternet: true },
        ],
        problems: [long],
      },
      notes: [long],
    };
    browser = await startBrowser();
  });
  after(() => browser.close());

  /** Opens the page; what it asks for beyond itself is in `requests`. */
  async function open(
    options: BrowserContextOptions,
  ): Promise<{ page: Page; requests: string[]; errors: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    await page.route("**", async (route) => {
      const address = route.request().url();
      if (address === "http://report.test/") {
        await route.fulfill({ contentType: "text/html", body: asHtml(report) });
        return;
      }
      requests.push(address);
      await route.abort();
    });
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto("http://report.test/");
    return { page, requests, errors };
  }

  for (const [screen, options] of Object.entries(screens)) {
    for (const colorScheme of schemes) {
      it(`can be read on a ${screen} in the ${colorScheme}: nothing is fetched, runs, overflows or lacks contrast`, async () => {
        const { page, requests, errors } = await open({ ...options, colorScheme });
        assert.deepEqual(requests, []);
        assert.deepEqual(errors, []);
        assert.match(await page.title(), /^production: data would be lost/);
        const { width } = options.viewport;
        assert.equal(
          await page.evaluate("document.documentElement.scrollWidth"),
          width,
          "the page scrolls sideways",
        );
        assert.deepEqual(await page.evaluate(outside), [], "leaves the page");
        assert.deepEqual(await faults(page), []);
        const ground = await page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
        assert.equal(ground, colorScheme === "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)");
        await page.context().close();
      });
    }
  }

  it("shows what is lost on the first screen, even of a phone", async () => {
    const { page } = await open(screens.phone);
    const box = await page.locator(".alert h2").first().boundingBox();
    assert.ok(box && box.y + box.height <= screens.phone.viewport.height, JSON.stringify(box));
    await page.context().close();
  });

  it("shows the picture whole on a laptop, beside nothing that scrolls", async () => {
    const { page } = await open({ viewport: { width: 1280, height: 800 } });
    const [box, svg] = await page.evaluate<[number, number]>(`(() => {
      const box = document.querySelector(".picture");
      return [box.clientWidth - box.scrollWidth, box.querySelector("svg").getBoundingClientRect().width];
    })()`);
    assert.equal(box, 0, "a part of it is cut");
    assert.ok(svg > 1000, "it is as large as there is room");
    await page.context().close();
  });

  it("has the whole picture within reach, and text in it large enough", async () => {
    const { page } = await open(screens.phone);
    const sizes = await page.evaluate<{ scroll: number; svg: number; text: number }>(`(() => {
      const box = document.querySelector(".picture");
      const svg = box.querySelector("svg");
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return { scroll: box.scrollWidth, svg: Math.round(svg.getBoundingClientRect().width), text: 11 * scale };
    })()`);
    assert.ok(sizes.scroll >= sizes.svg, JSON.stringify(sizes));
    assert.ok(sizes.text >= 8, JSON.stringify(sizes));
    await page.context().close();
  });

  it("runs and loads nothing by its own policy, too", () => {
    assert.match(
      asHtml(report),
      /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/,
    );
    assert.doesNotMatch(asHtml(report), /<script|<img/);
  });
});

/** Elements that stand over the page's edge, but for those in what scrolls by itself. */
const outside = `[...document.body.querySelectorAll("*")]
  .filter((element) => !element.closest(".wide") || element.matches(".wide"))
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120))`;

/** What axe-core finds against WCAG 2.2 at level AA, contrast among it. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations, passes } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    passes: { id: string }[];
  }>(`axe.run(document, { runOnly: ${JSON.stringify(tags)} })`);
  assert.ok(
    passes.some(({ id }) => id === "color-contrast"),
    "no contrast was measured",
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}
