import { type Box, layOut, type Placed, sizes } from "./layout.ts";
import { type Kind, type Mark, marks, type Part, type Picture, type Place, places } from "./picture.ts";

/** AWS's own colours for its categories of services. */
const kinds: Readonly<Record<Kind, string>> = {
  compute: "#ed7100",
  database: "#c925d1",
  management: "#e7157b",
  network: "#8c4fff",
  outside: "#7d8998",
  security: "#dd344c",
  storage: "#7aa116",
};

/** AWS's own colours for its groups. */
const areas: Readonly<Partial<Record<Place, { line: string; fill: string }>>> = {
  vpc: { line: "#8c4fff", fill: "none" },
  public: { line: "#7aa116", fill: "#7aa116" },
  private: { line: "#00a4a6", fill: "#00a4a6" },
  isolated: { line: "#3b6fd4", fill: "#3b6fd4" },
};
const otherArea = { line: "#7d8998", fill: "none" };

/** A picture as SVG, for light and for dark pages. */
export async function drawSvg(picture: Picture): Promise<string> {
  const placed = await layOut(picture);
  const { width, height } = placed;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escape(picture.title)}</title>`,
    `<style>${style}</style>`,
    markers,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...placed.areas.map(({ place, box }) => areaSvg(place, box)),
    ...placed.ways.map(waySvg),
    ...placed.parts.map(({ part, box }) => partSvg(part, box)),
    ...placed.areas.map(({ place, box }) => areaTitleSvg(place, box, picture)),
    ...placed.ways.map(labelSvg),
    "</svg>",
    "",
  ].join("\n");
}

const style = `
text { font-family: -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.page { fill: #ffffff; }
.part { fill: #ffffff; stroke: #c4ccd4; }
.title { font-size: ${sizes.title}px; font-weight: 600; }
.line { font-size: ${sizes.line}px; fill: #59636e; }
.area { font-size: ${sizes.place}px; font-weight: 600; }
.detail { font-weight: 400; fill: #59636e; }
.label { font-size: ${sizes.label}px; }
.area, .label { stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.way { fill: none; stroke: #3d4854; stroke-width: 1.5; }
.support { stroke: #8b96a3; stroke-width: 1; stroke-dasharray: 4 3; }
.head { fill: #3d4854; }
.head-support { fill: #8b96a3; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.page { fill: #0d1117; }
.part { fill: #161b22; stroke: #3d444d; }
.line, .detail { fill: #9da7b3; }
.area, .label { stroke: #0d1117; }
.way { stroke: #c3ccd5; }
.support { stroke: #7d8894; }
.head { fill: #c3ccd5; }
.head-support { fill: #7d8894; }
}
`;

const marker = (id: string, name: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="${name}" d="M0 0 8 4 0 8z"/></marker>`;
const markers = `<defs>${marker("request", "head")}${marker("support", "head-support")}</defs>`;

function areaSvg(place: Place, { x, y, width, height }: Box): string {
  const { line, fill } = areas[place] ?? otherArea;
  const dashes = place === "vpc" || place === "aws" ? "" : ' stroke-dasharray="5 4"';
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" fill-opacity="0.07" stroke="${line}"${dashes}/>`;
}

function areaTitleSvg(place: Place, { x, y }: Box, { details }: Picture): string {
  const detail = details[place];
  const span = detail ? `<tspan class="detail" dx="8">${escape(detail)}</tspan>` : "";
  return `<text class="area" x="${x + 12}" y="${y + 21}">${escape(places[place].title)}${span}</text>`;
}

function partSvg({ title, lines, kind, mark }: Part, { x, y, width, height }: Box): string {
  const text = (name: string, line: string, baseline: number): string =>
    `<text class="${name}" x="${x + 18}" y="${baseline}">${escape(line)}</text>`;
  return [
    `<rect class="part" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"${marked(mark)}/>`,
    `<rect x="${x}" y="${y}" width="6" height="${height}" rx="3" fill="${kinds[kind]}"/>`,
    text("title", title, y + 20),
    ...lines.map((line, index) => text("line", line, y + 20 + (index + 1) * sizes.lineHeight + 1)),
  ].join("");
}

function waySvg({ way, points }: Placed["ways"][number]): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  const name = way.kind === "support" ? "way support" : "way";
  return `<path class="${name}" d="${path}" marker-end="url(#${way.kind})"${marked(way.mark)}/>`;
}

function marked(mark: Mark | undefined): string {
  return mark === undefined ? "" : ` style="stroke: ${marks[mark]}; stroke-width: 3px"`;
}

function labelSvg({ way, label }: Placed["ways"][number]): string {
  return `<text class="label" text-anchor="middle" x="${label.x + label.width / 2}" y="${label.y + 11}">${escape(way.label)}</text>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
