import { createRequire } from "node:module";
import type { ELK, ElkExtendedEdge, ElkNode, ElkPoint } from "elkjs/lib/elk-api.js";
import { textWidth } from "./measure.ts";
import { type Part, type Picture, type Place, places, type Way } from "./picture.ts";

const require = createRequire(import.meta.url);
const Elk = require("elkjs/lib/elk.bundled.js") as new () => ELK;

export const sizes = { title: 13, line: 11, label: 11, place: 12, lineHeight: 15 } as const;

/** A rectangle in the picture's own coordinates. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placed {
  width: number;
  height: number;
  /** From the outermost inwards. */
  areas: readonly { place: Place; box: Box }[];
  parts: readonly { part: Part; box: Box }[];
  ways: readonly { way: Way; points: readonly ElkPoint[]; label: Box }[];
}

const rootOptions = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.json.edgeCoords": "ROOT",
  "elk.json.shapeCoords": "ROOT",
  "elk.randomSeed": "1",
  "elk.padding": "[top=16,left=16,bottom=16,right=16]",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "12",
  "elk.spacing.edgeLabel": "3",
  "elk.layered.spacing.nodeNodeBetweenLayers": "28",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.thoroughness": "40",
};

/** Nobody draws this one: it keeps what watches the others below them. */
function watchedFromBelow({ parts }: Picture): ElkExtendedEdge[] {
  const [sources, targets] = [["secrets"], ["cloudwatch"]];
  const isThere = (id: string): boolean => parts.some((part) => part.id === id);
  return [...sources, ...targets].every(isThere) ? [{ id: "below", sources, targets }] : [];
}

/** Lays a picture out: callers on top, then inwards. The same picture always gives the same layout. */
export async function layOut(picture: Picture): Promise<Placed> {
  const graph: ElkNode = {
    id: "picture",
    layoutOptions: rootOptions,
    children: nodesIn(undefined, picture),
    edges: [...picture.ways.map((way, index) => edgeOf(way, index, picture)), ...watchedFromBelow(picture)],
  };
  const laidOut: ElkNode = await new Elk().layout(graph);
  const boxes = new Map(nodesBelow(laidOut).map((node) => [node.id, boxOf(node)]));
  const box = (id: string): Box => {
    const found = boxes.get(id);
    if (!found) throw new Error(`The layout has lost ${id}.`);
    return found;
  };
  return {
    width: Math.ceil(laidOut.width ?? 0),
    height: Math.ceil(laidOut.height ?? 0),
    areas: usedPlaces(picture)
      .filter((place) => isArea(place))
      .map((place) => ({ place, box: box(areaId(place)) })),
    parts: picture.parts.map((part) => ({ part, box: box(part.id) })),
    ways: picture.ways.map((way, index) => {
      const edge = laidOut.edges?.[index];
      const [section] = edge?.sections ?? [];
      const [label] = edge?.labels ?? [];
      if (!section || !label) throw new Error(`The layout has lost the way from ${way.from} to ${way.to}.`);
      const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(
        ({ x, y }) => ({
          x: round(x),
          y: round(y),
        }),
      );
      return { way, points: isUpwards(way, picture) ? points.toReversed() : points, label: boxOf(label) };
    }),
  };
}

function nodesIn(place: Place | undefined, picture: Picture): ElkNode[] {
  const used = usedPlaces(picture);
  const inner = used.filter((one) => isArea(one) && places[one].within === place);
  const own = picture.parts.filter((part) => (isArea(part.place) ? part.place : undefined) === place);
  return [
    ...own.map(partNode),
    ...inner.map((one) => ({
      id: areaId(one),
      layoutOptions: {
        "elk.padding": "[top=34,left=16,bottom=16,right=16]",
        "elk.nodeSize.constraints": "MINIMUM_SIZE",
        // Turned, as the layered algorithm turns what it lays out downwards.
        "elk.nodeSize.minimum": `(0, ${titleWidth(one, picture)})`,
      },
      children: nodesIn(one, picture),
    })),
  ];
}

/** Places that parts lie in, themselves or further inwards. */
function usedPlaces({ parts }: Picture): Place[] {
  const used = new Set<string>();
  for (const part of parts) {
    for (let place: Place | undefined = part.place; place !== undefined; place = places[place].within)
      used.add(place);
  }
  return (Object.keys(places) as Place[]).filter((place) => used.has(place));
}

/** Places without a title are no areas: what lies in them stands alone. */
function isArea(place: Place): boolean {
  return places[place].title !== "";
}

function areaId(place: Place): string {
  return `area ${place}`;
}

function titleWidth(place: Place, { details }: Picture): number {
  const title = textWidth(places[place].title, sizes.place) * 1.06;
  return Math.ceil(title + textWidth(details[place] ?? "", sizes.place)) + 32;
}

function partNode({ id, title, lines }: Part): ElkNode {
  const widest = Math.max(
    textWidth(title, sizes.title) * 1.06,
    ...lines.map((line) => textWidth(line, sizes.line)),
  );
  return {
    id,
    width: Math.ceil(widest) + 32,
    height: 30 + lines.length * sizes.lineHeight + (lines.length > 0 ? 4 : 0),
  };
}

function edgeOf(way: Way, index: number, picture: Picture): ElkExtendedEdge {
  const [source, target] = isUpwards(way, picture) ? [way.to, way.from] : [way.from, way.to];
  return {
    id: `way ${index}`,
    sources: [source],
    targets: [target],
    labels: [{ text: way.label, width: textWidth(way.label, sizes.label) + 4, height: 14 }],
    layoutOptions: { "elk.layered.priority.direction": way.kind === "request" ? "10" : "1" },
  };
}

/** What leads out to other companies leads up, to where the callers stand; images come from below their servers. */
function isUpwards({ from, to }: Way, { parts }: Picture): boolean {
  const isBeyond = parts.some(({ id, place }) => id === to && place === "beyond");
  return isBeyond || to === "nat" || from === "images";
}

function nodesBelow(node: ElkNode): ElkNode[] {
  return (node.children ?? []).flatMap((child) => [child, ...nodesBelow(child)]);
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Box>): Box {
  return { x: round(x), y: round(y), width: round(width), height: round(height) };
}

/** A tenth of a pixel is what anybody can see. */
function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
