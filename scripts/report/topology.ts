import { pictureFrom } from "../architecture/composition.ts";
import { drawMermaid } from "../architecture/mermaid.ts";
import { knownParts, undrawnTypes } from "../architecture/parts.ts";
import type { Mark, Part, Picture, Way } from "../architecture/picture.ts";
import { count, Graph } from "../architecture/read.ts";
import { drawSvg } from "../architecture/svg.ts";
import { readMatrix } from "../network/matrix.ts";
import type { Program } from "../program.ts";
import type { Change, Kind } from "./changes.ts";

/** The stack after a change, with what changes marked; what goes is still there, marked. */
export interface Topology {
  readonly svg: string;
  readonly mermaid: string;
  /** Types of which the picture has nothing. */
  readonly undrawn: readonly string[];
}

const markOf: Readonly<Record<Kind, Mark>> = {
  create: "created",
  import: "created",
  read: "updated",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};
/** From the loudest to the quietest. */
const MARKS: readonly Mark[] = ["deleted", "replaced", "created", "updated"];

export async function topologyOf(
  before: Program,
  after: Program,
  changes: readonly Change[],
  { title, region }: { title: string; region: string },
): Promise<Topology> {
  const [was, is] = [before, after].map((program) => pictureOf(program, title, region));
  if (!was || !is) throw new Error("A picture is missing.");
  const picture = marked(joined(was, is), changes, parentsIn(before, after));
  return {
    svg: await drawSvg(picture),
    mermaid: drawMermaid(picture),
    undrawn: undrawnTypes(after.resources),
  };
}

function pictureOf(program: Program, title: string, region: string): Picture {
  const around = { graph: new Graph(program), region, matrix: readMatrix(program) };
  return pictureFrom(knownParts(around), around, title);
}

/** All parts and ways of both, the ways marked that only one of them has. */
function joined(was: Picture, is: Picture): Picture {
  const gone = was.parts.filter(({ id }) => !is.parts.some((part) => part.id === id));
  const key = ({ from, to }: Way): string => `${from} > ${to}`;
  const before = new Map(was.ways.map((way) => [key(way), way]));
  const after = new Set(is.ways.map(key));
  const ways = is.ways.map((way): Way => {
    const old = before.get(key(way));
    if (!old) return { ...way, mark: "created" };
    return old.label === way.label ? way : { ...way, mark: "updated" };
  });
  const closed = was.ways.filter((way) => !after.has(key(way)));
  return {
    ...is,
    parts: [
      ...is.parts.map((part) => ({ ...part, of: [...(part.of ?? []), ...ofIn(was, part.id)] })),
      ...gone.map((part): Part => ({ ...part, mark: "deleted" })),
    ],
    ways: [...ways, ...closed.map((way): Way => ({ ...way, mark: "deleted" }))],
  };
}

/** What a part stood for before: some of it may go. */
function ofIn(picture: Picture, id: string): readonly string[] {
  return picture.parts.find((part) => part.id === id)?.of ?? [];
}

function marked(picture: Picture, changes: readonly Change[], parents: ReadonlyMap<string, string>): Picture {
  const found = new Map<string, Change[]>();
  for (const change of changes)
    for (const part of partsOf(change, picture.parts, parents))
      found.set(part.id, [...(found.get(part.id) ?? []), change]);
  return {
    ...picture,
    parts: picture.parts.map((part) => {
      const own = found.get(part.id);
      return own === undefined ? part : { ...part, ...markFrom(part, own) };
    }),
  };
}

/** A part's own resources decide its mark; what else changes around them only updates it. */
function markFrom(part: Part, changes: readonly Change[]): Pick<Part, "mark" | "lines"> {
  const own = changes.filter(({ urn }) => part.of?.includes(urn));
  const mark = markOfAll(
    own.map(({ kind }) => markOf[kind]),
    new Set(part.of).size,
  );
  const counted = MARKS.flatMap((one) => {
    const number = changes.filter(({ kind }) => markOf[kind] === one).length;
    return number === 0 ? [] : `${number} ${one}`;
  });
  const said =
    changes.length === 1 && own.length === 1
      ? mark.toUpperCase()
      : `${mark.toUpperCase()}: ${counted.join(", ")}`;
  return { mark: part.mark ?? mark, lines: [...part.lines, said] };
}

/** Of many, some come and some go: what is made or deleted as a whole is so in each of its resources. */
function markOfAll(all: readonly Mark[], resources: number): Mark {
  if (all.length < resources) return "updated";
  const [first = "updated"] = all;
  if (all.every((mark) => mark === first)) return first;
  return all.includes("replaced") ? "replaced" : "updated";
}

/** The part that a resource is shown by; else the parts of the nearest component around it that has any. */
function partsOf(change: Change, parts: readonly Part[], parents: ReadonlyMap<string, string>): Part[] {
  const direct = parts.filter(({ of }) => of?.includes(change.urn));
  if (direct.length > 0) return direct;
  for (let at = parents.get(change.urn); at !== undefined && !isNetwork(at); at = parents.get(at)) {
    const around = parts.filter(({ of }) => of?.some((urn) => isBelow(urn, at, parents)));
    if (around.length > 0) return around;
  }
  return [];
}

/** Subnets and endpoints are no part of the gateways that happen to lie beside them. */
function isNetwork(urn: string): boolean {
  return /:Vpc::/.test(urn);
}

function isBelow(urn: string, ancestor: string, parents: ReadonlyMap<string, string>): boolean {
  for (let at = parents.get(urn); at !== undefined; at = parents.get(at)) if (at === ancestor) return true;
  return false;
}

/** Parents, the stack left out. */
function parentsIn(...programs: readonly Program[]): Map<string, string> {
  const all = programs.flatMap(({ resources }) => resources);
  const isStack = (urn: string): boolean => urn === "" || urn.includes("::pulumi:pulumi:Stack::");
  return new Map(all.filter(({ parent }) => !isStack(parent)).map(({ urn, parent }) => [urn, parent]));
}

/** `3 parts`, for a picture's caption. */
export function undrawnText(undrawn: readonly string[]): string {
  return undrawn.length === 0 ? "" : `${count(undrawn.length, "type")} not drawn: ${undrawn.join(", ")}.`;
}
