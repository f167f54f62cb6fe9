// What an operation asks of `pulumi`, of a file.
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";

/** What the file has. */
export interface PulumiState {
  export: unknown;
  /** What `up` makes of the scale that is configured; undefined: the same. */
  exports?: Partial<Record<"hobby" | "beside" | "enterprise", unknown>>;
  config: Record<string, { value: string; secret: boolean }>;
  /** Where the cloud hears of a deployment. */
  endpoint: string;
  /** Which definition an image has; undefined at hobby. */
  definitions: Record<string, string>;
  repository: string;
  /** Makes `up` fail. */
  failing: boolean;
  /** The instance that the next `up` which replaces one, or makes another stack's, makes. */
  replacement?: string;
  /** Other stacks, by name. */
  others?: Record<string, { export: unknown; config: PulumiState["config"] }>;
}

const KEY = "macro-ai:apiImage";

/**
 * Answers the calls of {@link script}. A process for each, as Pulumi's own is, but one that starts in a moment.
 *
 * @param file with a {@link PulumiState}
 */
export function pulumiServer(file: string): Server {
  return createServer((socket) => {
    let sent = "";
    // Whoever asked may be killed meanwhile.
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      sent += chunk.toString();
      const [count = "", ...args] = sent.split("\0");
      if (args.length <= Number(count)) return;
      void answer(file, args.slice(0, -1)).then(
        (out) => socket.end(`0\n${out}`),
        (error: unknown) => socket.end(`1\n${String(error)}\n`),
      );
    });
  });
}

/** A program that asks the server at a port of this machine. */
export const script = (port: number): string => `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/${port} || exit 2
printf '%s\\0' "$#" "$@" >&3
read -r code <&3
if [ "$code" = 0 ]; then /bin/cat <&3; else /bin/cat <&3 >&2; fi
exit "$code"
`;

/** @returns what Pulumi prints */
async function answer(file: string, given: readonly string[]): Promise<string> {
  let out = "";
  const say = (text: string): void => {
    out += `${text}\n`;
  };
  const at = given.indexOf("--stack");
  const args = at < 0 ? given : given.slice(0, at);
  const state = JSON.parse(await readFile(file, "utf8")) as PulumiState;
  const save = (): Promise<void> => writeFile(file, JSON.stringify(state));
  const tell = async (call: string, body: unknown = {}): Promise<void> => {
    const { ok } = await fetch(`${state.endpoint}/pulumi/${call}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!ok) throw new Error(`The cloud refused ${call}.`);
  };

  const named = at < 0 ? "" : (given[at + 1] ?? "");
  const other = state.others?.[named];
  if (named.endsWith("-drill") || /^(?:stack (?:init|ls)|config cp)$/.test(args.slice(0, 2).join(" "))) {
    await throwAway();
    return out;
  }

  switch (args.slice(0, 2).join(" ")) {
    case "stack export":
      say(JSON.stringify(state.export));
      break;
    case "config --json":
      say(JSON.stringify(state.config));
      break;
    case "config set":
      if (args.includes("--path")) {
        await nested((group, key) => (group[key] = args[4] ?? ""));
        break;
      }
      state.config[args[2] ?? ""] = { value: args[3] ?? "", secret: false };
      await writeFile(file, JSON.stringify(state));
      await tell("config");
      break;
    case "stack import": {
      state.export = JSON.parse(await readFile(args[3] ?? "", "utf8")) as unknown;
      await writeFile(file, JSON.stringify(state));
      await tell("import");
      break;
    }
    case "config rm":
      if (args.includes("--path")) {
        await nested((group, key) => Reflect.deleteProperty(group, key));
        break;
      }
      Reflect.deleteProperty(state.config, args[2] ?? "");
      await writeFile(file, JSON.stringify(state));
      await tell("config");
      break;
    case "up --yes": {
      if (state.failing) throw new Error("error: the update failed");
      const scale = state.config["macro-ai:scale"]?.value;
      const kept = state.config["macro-ai:retainEnterpriseData"]?.value === "true";
      state.export =
        state.exports?.[scale === "enterprise" ? scale : kept ? "beside" : "hobby"] ?? state.export;
      await writeFile(file, JSON.stringify(state));
      if (args.includes("--replace")) replace(state);
      await writeFile(file, JSON.stringify(state));
      const image = `${state.repository}:${state.config[KEY]?.value ?? ""}`;
      await tell("up", { image, definition: state.definitions[image], scale });
      break;
    }
    default:
      throw new Error(`This stand-in does not know: pulumi ${args.join(" ")}`);
  }

  return out;

  /** What is asked of a stack that is made for a while. */
  async function throwAway(): Promise<void> {
    const [family = "", verb = "", name = ""] = args;
    const said = `${family} ${verb}`;
    switch (said) {
      case "stack ls":
        say(JSON.stringify(["one", ...Object.keys(state.others ?? {})].map((one) => ({ name: one }))));
        return;
      case "stack init":
        state.others = { ...state.others, [name]: { export: { deployment: {} }, config: {} } };
        break;
      case "config cp": {
        const copy = state.others?.[given[given.indexOf("--dest") + 1] ?? ""];
        if (!copy) throw new Error("There is no such stack.");
        copy.config = { ...state.config };
        break;
      }
      case "stack export":
        say(JSON.stringify(other?.export));
        return;
      case "config --json":
        say(JSON.stringify(other?.config));
        return;
      case "config set":
      case "config rm": {
        if (!other) throw new Error("There is no such stack.");
        const path = args[2] === "--path" ? (args[3] ?? "") : (args[2] ?? "");
        if (said === "config rm") Reflect.deleteProperty(other.config, path);
        else other.config[path] = { value: args.at(-1) ?? "", secret: false };
        break;
      }
      case "up --yes": {
        if (!other) throw new Error("There is no such stack.");
        const targets = args.flatMap((one, index) => (args[index - 1] === "--target" ? [one] : []));
        const { deployment } = state.export as { deployment: { resources: { urn: string; type: string }[] } };
        const outputsOf: Record<string, object> = {
          "aws:rds/instance:Instance": {
            outputs: { identifier: state.replacement, resourceId: "db-THROWAWAY" },
          },
          "aws:cloudwatch/logGroup:LogGroup": {
            outputs: { name: "/aws/rds/instance/throw-away/postgresql" },
          },
        };
        const resources = deployment.resources.flatMap((one) => {
          const urn = one.urn.replace(/^urn:pulumi:[^:]+::/, `urn:pulumi:${named}::`);
          return targets.includes(urn) ? [{ ...one, urn, ...outputsOf[one.type] }] : [];
        });
        other.export = { deployment: { resources } };
        await save();
        await tell("drill");
        if (state.failing) throw new Error("error: the update failed");
        return;
      }
      case "destroy --yes":
        if (!other) throw new Error("There is no such stack.");
        other.export = { deployment: {} };
        await save();
        await tell("destroy");
        return;
      case "stack rm":
        if (JSON.stringify(other?.export) !== '{"deployment":{}}') throw new Error("It still has resources.");
        Reflect.deleteProperty(state.others ?? {}, named);
        break;
      default:
        throw new Error(`This stand-in does not know: pulumi ${given.join(" ")}`);
    }
    await save();
  }

  /** A key of a group, such as macro-ai:restore.time. */
  async function nested(change: (group: Record<string, unknown>, key: string) => unknown): Promise<void> {
    const [name = "", key = ""] = (args[3] ?? "").split(".");
    const group = JSON.parse(state.config[name]?.value ?? "{}") as Record<string, unknown>;
    change(group, key);
    state.config[name] = { value: JSON.stringify(group), secret: false };
    await writeFile(file, JSON.stringify(state));
    await tell("config");
  }
}

/** As the engine does, proven in tests/engine/database.test.ts: only where the state lets the old one go. */
function replace({ export: text, replacement = "" }: PulumiState): void {
  const { deployment } = text as {
    deployment: {
      resources: {
        urn: string;
        type: string;
        protect?: boolean;
        retainOnDelete?: boolean;
        outputs: Record<string, unknown>;
      }[];
    };
  };
  for (const one of deployment.resources) {
    if (one.type !== "aws:rds/instance:Instance") continue;
    if (one.protect !== false || one.retainOnDelete !== true)
      throw new Error("The old instance is protected.");
    one.outputs["identifier"] = replacement;
    one.outputs["address"] = `${replacement}.example`;
    one.protect = true;
  }
}
