/** The commands that the documentation tells people to type. */
import { blocks, inlineCode, type Page, pages } from "./pages.ts";

export interface Typed {
  readonly page: string;
  /** As it is written, e.g. `npm run cost -- --stack staging`. */
  readonly text: string;
  /** Its words without quotes. What a shell would fill in stays as it is written: `<stack>`, `$PWD`, `$(...)`. */
  readonly words: readonly string[];
}

/** What the project's own commands begin with; git's, gh's and curl's are not its to test. */
const ours = ["npm", "npx", "pulumi", "bash"];

const word =
  /(?:"(?:\$\([^)]*\)|\\.|[^"\\])*"|'[^']*'|\$\([^)]*\)|<[^<>\n]+>|\\.|[^\s"'|;&<>()\\])+|&&|\|\|?|[;&()<>\n]/g;
const separator = /^(?:&&|\|\|?|[;&()\n])$/;

/** The commands of a line of shell, those within `$(...)` as well. */
function commandsIn(line: string): string[][] {
  const commands: string[][] = [[]];
  const nested: string[] = [];
  for (const [token] of line.replaceAll(/(?<=^|\s)#.*$/gm, "").matchAll(word)) {
    for (const [, inner = ""] of token.matchAll(/\$\(([^)]*)\)/g)) nested.push(inner);
    if (separator.test(token)) commands.push([]);
    else commands.at(-1)?.push(token.replaceAll(/^(["'])(.*)\1$/gs, "$2"));
  }
  const plain = commands.map((words) => words.slice(words.findIndex((one) => !/^[A-Z_]+=/.test(one))));
  return [...plain.filter(([name]) => name !== undefined), ...nested.flatMap(commandsIn)];
}

const shown = (page: Page): string[] => blocks(page, "sh", "bash");
const mentioned = (page: Page): string[] => inlineCode(page).filter((code) => code.includes(" "));

function typedIn(page: Page, lines: readonly string[], programs: readonly string[]): Typed[] {
  return lines
    .flatMap(commandsIn)
    .filter(([name = "", next]) => programs.includes(name) && next !== undefined)
    .map((words) => ({ page: page.path, text: words.join(" "), words }));
}

export const typed: readonly Typed[] = pages.flatMap((page) =>
  typedIn(page, [...shown(page), ...mentioned(page)], ours),
);

/** What AWS's own command line is asked for: whole commands, and those that a sentence names, perhaps in part. */
export const typedToAws = {
  whole: pages.flatMap((page) => typedIn(page, shown(page), ["aws"])),
  named: pages.flatMap((page) => typedIn(page, mentioned(page), ["aws"])),
} as const;

export type Command =
  /** A script of package.json with the words after `--`. */
  | { readonly kind: "script"; readonly script: string; readonly words: readonly string[] }
  | { readonly kind: "pulumi"; readonly words: readonly string[] }
  /** Mocha with its files. */
  | { readonly kind: "mocha"; readonly words: readonly string[] }
  /** Whatever needs no script of the project's. */
  | { readonly kind: "other"; readonly words: readonly string[] };

const shorthands = new Set(["start", "test"]);

/** What a command comes down to: `npm start -- --preview` runs the script `start`, `npm run sandbox -- up` is a `pulumi up`. */
export function commandOf({ words }: Typed): Command {
  const [program = "", ...rest] = words;
  if (program === "pulumi") return { kind: "pulumi", words: rest };
  if (program === "npx" && rest[0] === "mocha") return { kind: "mocha", words: rest.slice(1) };
  if (program !== "npm") return { kind: "other", words };
  const end = rest.indexOf("--");
  const given = end === -1 ? [] : rest.slice(end + 1);
  const own = (end === -1 ? rest : rest.slice(0, end)).filter((one) => !one.startsWith("-"));
  const script = own[0] === "run" ? own[1] : shorthands.has(own[0] ?? "") ? own[0] : undefined;
  if (script === undefined) return { kind: "other", words };
  return { kind: "script", script, words: given };
}

/** A command of Pulumi's, typed as such or by way of the sandbox; else undefined. */
export function pulumiWords(one: Typed): readonly string[] | undefined {
  const command = commandOf(one);
  if (command.kind === "pulumi") return command.words;
  return command.kind === "script" && command.script === "sandbox" && command.words.length > 0
    ? command.words
    : undefined;
}

/** The options among the words, without their values. */
export function optionsOf(words: readonly string[]): string[] {
  return words.filter((one) => /^--?[a-z]/.test(one)).map((one) => one.replace(/=.*/, ""));
}

/** Pulumi's commands that have others below them. */
const groups = new Set(["config", "stack", "state", "policy", "plugin"]);

/** The words that name one of Pulumi's commands, e.g. `config set`. */
export function pulumiCommand(words: readonly string[]): string[] {
  const [first = "", second = ""] = words;
  return groups.has(first) && /^[a-z]/.test(second) ? [first, second] : [first];
}

/**
 * A command without what differs from place to place: `npm run restore --stack --to`, `pulumi config set --path`. The
 * stack's name, comments and order do not matter, so that one test stands for all places.
 */
export function essence(one: Typed): string {
  const command = commandOf(one);
  const options = [...new Set(optionsOf(command.words))].filter((option) => option !== "--stack").toSorted();
  switch (command.kind) {
    case "script": {
      const sub =
        command.script === "sandbox" && command.words.length > 0
          ? pulumiCommand(command.words)
          : command.script === "example"
            ? command.words.slice(1, 2)
            : [];
      return [`npm run ${command.script}`, ...sub, ...options].join(" ");
    }
    case "pulumi":
      return ["pulumi", ...pulumiCommand(command.words), ...options].join(" ");
    case "mocha":
      return "mocha";
    case "other":
      return command.words.join(" ");
  }
}
