import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type Scale, scales } from "../../stacks/environments.ts";
import { run } from "../components/mocks.ts";
import { aws } from "../../components/aws.ts";
import { matrixOf } from "../../scripts/network/matrix.ts";
import { type Box, layOut, type Placed, sizes } from "../../scripts/architecture/layout.ts";
import { textWidth } from "../../scripts/architecture/measure.ts";
import { architectureFiles } from "./page.ts";
import { readParts } from "../../scripts/architecture/parts.ts";
import { type Picture, places } from "../../scripts/architecture/picture.ts";
import { pictures } from "./pictures.ts";
import { Graph } from "../../scripts/architecture/read.ts";
import { drawSvg } from "../../scripts/architecture/svg.ts";

describe("the architecture pictures", function () {
  this.timeout(120_000);
  let drawn: ReadonlyMap<Scale, Picture>;
  const pictureOf = (scale: Scale): Picture => {
    const picture = drawn.get(scale);
    assert.ok(picture);
    return picture;
  };
  before(async () => {
    drawn = await pictures();
  });

  it("are current", async () => {
    for (const { file, content } of await architectureFiles(drawn)) {
      const current = await readFile(file, "utf8").catch(() => "");
      assert.ok(current === content, `${file.pathname} is stale: npm run docs:architecture, and look at it`);
    }
  });

  it("show the ways that requests take at enterprise scale", () => {
    assert.deepEqual(requests(pictureOf("enterprise")), [
      "CloudFront fetches S3",
      "ECS Fargate 443 NAT gateway",
      "ECS Fargate 5432 RDS Proxy",
      "ECS Fargate 6379 ElastiCache Valkey",
      "Load balancer 3040 ECS Fargate",
      "NAT gateway 443 OpenAI",
      "RDS Proxy 5432 RDS PostgreSQL 15",
      "Rotation 443 NAT gateway",
      "Rotation 5432 RDS PostgreSQL 15",
      "Rotation 6379 ElastiCache Valkey",
      "Users 443 CloudFront",
      "Users 80, 443 Load balancer",
    ]);
    const { parts, details } = pictureOf("enterprise");
    const inSubnets = parts.filter(({ place }) => places[place].within === "vpc");
    assert.deepEqual(inSubnets.map(({ place, title }) => `${place}: ${title}`).sort(), [
      "isolated: ElastiCache Valkey",
      "isolated: RDS PostgreSQL 15",
      "private: ECS Fargate",
      "private: RDS Proxy",
      "private: Rotation",
      "public: Load balancer",
      "public: NAT gateway",
    ]);
    assert.deepEqual(details.isolated, "one /28 in each of 3 zones");
  });

  it("show the ways that requests take at hobby scale", () => {
    assert.deepEqual(requests(pictureOf("hobby")), [
      "CloudFront fetches S3",
      "HTTP API invokes Lambda",
      "Lambda 443 OpenAI",
      "Lambda 5432 Neon PostgreSQL",
      "Lambda 6379 Upstash Redis",
      "Users 443 CloudFront",
      "Users 443 HTTP API",
    ]);
  });

  it("refuse a service that nobody has said how to draw", async () => {
    const { recording } = await run(() => new aws.efs.FileSystem("files"));
    const around = { graph: new Graph(recording), region: "us-east-1", matrix: matrixOf(recording) };
    assert.throws(() => readParts(around), /do not know aws:efs\/fileSystem:FileSystem: say in .*parts\.ts/);
  });

  it("are the same however often they are drawn", async () => {
    const picture = pictureOf("enterprise");
    assert.equal(await drawSvg(picture), await drawSvg(picture));
  });

  for (const scale of scales) {
    describe(`at ${scale} scale`, () => {
      let placed: Placed;
      before(async () => {
        placed = await layOut(pictureOf(scale));
      });

      it("have no part over another, and each within its place", () => {
        for (const [index, { part, box }] of placed.parts.entries()) {
          for (const other of placed.parts.slice(index + 1))
            assert.ok(!overlap(box, other.box), `${part.id} and ${other.part.id}`);
          for (const area of placed.areas)
            assert.equal(
              isWithin(box, area.box),
              isBelow(part.place, area.place),
              `${part.id} in ${area.place}`,
            );
        }
      });

      it("have room for every text, and can be read on a page of 900 pixels", () => {
        for (const { part, box } of placed.parts) {
          assert.ok(textWidth(part.title, sizes.title) + 20 <= box.width, part.id);
          for (const line of part.lines) assert.ok(textWidth(line, sizes.line) + 20 <= box.width, line);
        }
        const shrunk = Math.min(1, 900 / placed.width);
        assert.ok(sizes.line * shrunk >= 8, `${(sizes.line * shrunk).toFixed(1)} pixels`);
      });

      it("lead no way through a part, and write no two labels over each other", () => {
        for (const { way, points } of placed.ways) {
          for (const { part, box } of placed.parts) {
            if (part.id === way.from || part.id === way.to) continue;
            for (const [index, point] of points.slice(1).entries()) {
              const before = points[index];
              assert.ok(before);
              assert.ok(!overlap(segment(before, point), box), `${way.from} to ${way.to} through ${part.id}`);
            }
          }
        }
        for (const [index, { way, label }] of placed.ways.entries()) {
          for (const other of placed.ways.slice(index + 1))
            assert.ok(!overlap(label, other.label), `${way.label} and ${other.way.label}`);
          for (const { part, box } of placed.parts)
            assert.ok(!overlap(label, box), `${way.label} on ${part.id}`);
        }
      });
    });
  }
});

/** The full lines, with titles for ids. */
function requests({ parts, ways }: Picture): string[] {
  const title = (id: string) => parts.find((part) => part.id === id)?.title ?? id;
  return ways
    .filter(({ kind }) => kind === "request")
    .map(({ from, label, to }) => `${title(from)} ${label} ${title(to)}`)
    .sort();
}

function isBelow(place: keyof typeof places, area: keyof typeof places): boolean {
  if (place === area) return true;
  const { within } = places[place];
  return within !== undefined && isBelow(within, area);
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function segment(a: { x: number; y: number }, b: { x: number; y: number }): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.max(1, Math.abs(a.x - b.x)),
    height: Math.max(1, Math.abs(a.y - b.y)),
  };
}
