import { createServer } from "node:http";
import { listen } from "../rotation/servers/programs.ts";

/** An issue, or a comment under one, as GitHub keeps it. */
export interface Entry {
  readonly number: number;
  title: string;
  body: string;
  state: string;
  readonly labels: readonly string[];
  readonly comments: { readonly id: number; body: string }[];
}

/** A stand-in for GitHub's REST interface of one repository, as far as the scripts use it. */
export interface FakeGitHub {
  readonly env: Record<string, string>;
  readonly issues: Entry[];
  /** Method and path of each request that changed something. */
  readonly changes: string[];
  stop: () => void;
}

export async function fakeGitHub(): Promise<FakeGitHub> {
  const issues: Entry[] = [];
  const changes: string[] = [];
  let ids = 100;
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://localhost");
      const sent = (text === "" ? {} : JSON.parse(text)) as Partial<Entry>;
      const answer = (status: number, body: unknown): void =>
        void response.writeHead(status).end(JSON.stringify(body));
      const path = url.pathname.replace("/repos/macro-ai/infrastructure", "");
      if (request.headers.authorization !== "Bearer token") {
        answer(403, { message: "Resource not accessible by integration" });
        return;
      }
      if (request.method !== "GET") changes.push(`${request.method ?? ""} ${path}`);
      const [, , second = "", third] = path.split("/");
      const issue = issues.find(({ number }) => number === Number(second));
      const page = Number(url.searchParams.get("page") ?? "1");
      const paged = (all: readonly unknown[]): unknown[] => all.slice((page - 1) * 100, page * 100);
      if (request.method === "GET" && path === "/issues")
        answer(
          200,
          paged(
            issues.filter(
              ({ state, labels }) =>
                state === "open" && labels.includes(url.searchParams.get("labels") ?? ""),
            ),
          ),
        );
      else if (request.method === "POST" && path === "/issues") {
        const made = {
          number: issues.length + 1,
          title: "",
          body: "",
          labels: [],
          ...sent,
          state: "open",
          comments: [],
        };
        issues.push(made);
        answer(201, made);
      } else if (second === "comments") {
        const found = issues.flatMap(({ comments }) => comments).find(({ id }) => id === Number(third));
        if (found) found.body = sent.body ?? "";
        answer(200, found);
      } else if (issue && third === "comments" && request.method === "GET")
        answer(200, paged(issue.comments));
      else if (issue && third === "comments") {
        issue.comments.push({ id: (ids += 1), body: sent.body ?? "" });
        answer(201, issue.comments.at(-1));
      } else if (issue && request.method === "PATCH") answer(200, Object.assign(issue, sent));
      else answer(404, { message: "Not Found" });
    });
  });
  const port = await listen(server);
  return {
    env: {
      GITHUB_TOKEN: "token",
      GITHUB_REPOSITORY: "macro-ai/infrastructure",
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
    },
    issues,
    changes,
    stop: () => void server.close(),
  };
}
