// What an operation asks of `pulumi`, of a file: node pulumi-stand-in.ts <file> <arguments of pulumi>
import { readFile, writeFile } from "node:fs/promises";

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
  /** The instance that the next `up` which replaces one makes. */
  replacement?: string;
}

const KEY = "macro-ai:apiImage";
const [file = "", ...given] = process.argv.slice(2);
const args = given.slice(0, given.indexOf("--stack"));
const state = JSON.parse(await readFile(file, "utf8")) as PulumiState;
const tell = async (call: string, body: unknown = {}): Promise<void> => {
  const { ok } = await fetch(`${state.endpoint}/pulumi/${call}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  if (!ok) throw new Error(`The cloud refused ${call}.`);
};

switch (args.slice(0, 2).join(" ")) {
  case "stack export":
    console.log(JSON.stringify(state.export));
    break;
  case "config --json":
    console.log(JSON.stringify(state.config));
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

/** A key of a group, such as macro-ai:restore.time. */
async function nested(change: (group: Record<string, unknown>, key: string) => unknown): Promise<void> {
  const [name = "", key = ""] = (args[3] ?? "").split(".");
  const group = JSON.parse(state.config[name]?.value ?? "{}") as Record<string, unknown>;
  change(group, key);
  state.config[name] = { value: JSON.stringify(group), secret: false };
  await writeFile(file, JSON.stringify(state));
  await tell("config");
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
