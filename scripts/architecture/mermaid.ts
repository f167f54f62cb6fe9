import { marks, type Picture, type Place, places } from "./picture.ts";

/** A picture as a Mermaid flowchart, which reviews can compare line by line. */
export function drawMermaid(picture: Picture): string {
  const names = new Map(picture.parts.map(({ id }, index) => [id, `p${index + 1}`]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const nodes = (place: Place | undefined, indent: string): string[] => {
    const inner = (Object.keys(places) as Place[]).filter((one) => places[one].within === place);
    return inner.flatMap((one) => {
      const { title } = places[one];
      const deeper = title === "" ? indent : `${indent}  `;
      const own = picture.parts
        .filter((part) => part.place === one)
        .map((part) => `${deeper}${nameOf(part.id)}["${label(part.title, part.lines)}"]`);
      const content = [...own, ...nodes(one, deeper)];
      if (content.length === 0 || title === "") return content;
      const heading = label([title, picture.details[one] ?? ""].join(" ").trim(), []);
      return [`${indent}subgraph ${one}["${heading}"]`, ...content, `${indent}end`];
    });
  };
  const ways = picture.ways.map(({ from, to, label: said, kind }) => {
    const arrow = kind === "request" ? "-->" : "-.->";
    return `  ${nameOf(from)} ${arrow}|"${said}"| ${nameOf(to)}`;
  });
  const marked = [...Map.groupBy(picture.parts, ({ mark }) => mark)].flatMap(([mark, parts]) =>
    mark === undefined
      ? []
      : [
          `  classDef ${mark} stroke:${marks[mark]},stroke-width:4px`,
          `  class ${parts.map(({ id }) => nameOf(id)).join(",")} ${mark}`,
        ],
  );
  const markedWays = picture.ways.flatMap(({ mark }, index) =>
    mark === undefined ? [] : `  linkStyle ${index} stroke:${marks[mark]},stroke-width:3px`,
  );
  return ["flowchart TB", ...nodes(undefined, "  "), ...ways, ...marked, ...markedWays].join("\n");
}

function label(title: string, lines: readonly string[]): string {
  return [`<b>${title}</b>`, ...lines].join("<br>").replaceAll('"', "#quot;");
}
