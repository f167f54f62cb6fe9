import type { Scale } from "../../stacks/environments.ts";
import { drawMermaid } from "../../scripts/architecture/mermaid.ts";
import type { Picture } from "../../scripts/architecture/picture.ts";
import { pictures } from "./pictures.ts";
import { drawSvg } from "../../scripts/architecture/svg.ts";

/** A file below docs/ that shows the architecture. */
export interface ArchitectureFile {
  file: URL;
  content: string;
}

const docs = new URL("../../docs/", import.meta.url);

/** The pictures, and the page that holds them, as they should be; `drawn` where they have been drawn already. */
export async function architectureFiles(drawn?: ReadonlyMap<Scale, Picture>): Promise<ArchitectureFile[]> {
  const all = [...(drawn ?? (await pictures()))];
  const svgs = all.map(async ([scale, picture]) => ({
    file: new URL(`architecture.${scale}.svg`, docs),
    content: await drawSvg(picture),
  }));
  const sections = all.map(([scale, picture]) => section(scale, drawMermaid(picture)));
  return [
    ...(await Promise.all(svgs)),
    { file: new URL("architecture.md", docs), content: `${[introduction, ...sections].join("\n\n")}\n` },
  ];
}

const introduction = `# Architecture

What the two committed stacks make, drawn from the resources that the program registers: \`npm run docs:architecture\` draws it
anew, and CI refuses a picture that is out of date. Ports are those of the security groups, which [network.md](network.md)
lists with their reasons.

A full line is a request on its way, with its port; a broken line is what happens beside requests. Not drawn: roles,
certificates, log groups one by one, and what belongs to a part and has no life of its own. All that there is stands in
\`tests/stacks/resources.*.txt\`.`;

const headings: Readonly<Record<Scale, string>> = {
  hobby: "Hobby: `staging`",
  enterprise: "Enterprise: `production`",
};

function section(scale: Scale, mermaid: string): string {
  return `## ${headings[scale]}

![The architecture at ${scale} scale](architecture.${scale}.svg)

<details>
<summary>The same as text</summary>

\`\`\`mermaid
${mermaid}
\`\`\`

</details>`;
}
