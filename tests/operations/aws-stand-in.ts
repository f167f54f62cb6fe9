// What an operation asks of `aws`: a session that forwards a port. node aws-stand-in.ts <real port> <arguments of aws>
import { tunnel } from "./tunnel.ts";

const [port = "", ...args] = process.argv.slice(2);
const value = (option: string): string => args[args.indexOf(option) + 1] ?? "";
const parameters = JSON.parse(value("--parameters")) as { host: string[]; portNumber: string[] };
if (
  args.slice(0, 2).join(" ") !== "ssm start-session" ||
  !/^ecs:cluster_\S+_runtime-1$/.test(value("--target"))
)
  throw new Error(`This stand-in does not know: aws ${args.join(" ")}`);
if (parameters.host[0] !== "localhost" || parameters.portNumber[0] !== "5432")
  throw new Error("That host is not in the network.");
const { port: opened } = await tunnel(Number(port));
console.log("Starting session with SessionId: test");
console.log(`Port ${opened} opened for sessionId test.`);
