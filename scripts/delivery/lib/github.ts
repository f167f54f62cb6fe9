import { appendFile } from "node:fs/promises";
import * as z from "zod";
import { UserError } from "../../../sandbox/cli/user-error.ts";

/** GitHub's REST interface, for what a workflow tells people. */
export class GitHub {
  readonly #repository: string;
  readonly #token: string;
  readonly #api: string;

  /** @throws UserError outside a workflow */
  constructor(env: NodeJS.ProcessEnv) {
    const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: api } = env;
    if (!token || !repository)
      throw new UserError(
        "GITHUB_TOKEN and GITHUB_REPOSITORY are not both set: this command speaks to GitHub and runs in a workflow. By hand: " +
          "GITHUB_TOKEN=$(gh auth token) GITHUB_REPOSITORY=<owner>/<name>",
      );
    this.#repository = repository;
    this.#token = token;
    this.#api = api ?? "https://api.github.com";
  }

  /** Every page of a list; `path` below the repository, with a query. */
  async list(path: string): Promise<unknown[]> {
    const all: unknown[] = [];
    for (let page = 1; ; page += 1) {
      const entries = z
        .array(z.unknown())
        .parse(await this.call("GET", `${path}&per_page=${PAGE}&page=${page}`));
      all.push(...entries);
      if (entries.length < PAGE) return all;
    }
  }

  async call(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#api}/repos/${this.#repository}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.#token}`,
        "content-type": "application/json",
        "x-github-api-version": "2022-11-28",
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (response.ok) return response.json();
    const { message } = z
      .looseObject({ message: z.string().optional() })
      .parse(await response.json().catch(() => ({})));
    throw new UserError(
      `GitHub refuses ${method} ${path.replace(/\?.*/, "")}: ${response.status} ${message ?? ""}. ` +
        "Does the job's `permissions` allow it?",
    );
  }
}

const PAGE = 100;

/** GitHub takes 65536 characters in an issue or a comment. */
const LIMIT = 65_000;

/** A text that GitHub takes; what is cut off is said. */
export function fitting(text: string): string {
  return text.length <= LIMIT
    ? text
    : `${text.slice(0, LIMIT)}\n\n... ${text.length - LIMIT} more characters: see the run.`;
}

/** Adds to what the run's page shows, and prints where there is no such page. */
export async function summarize(markdown: string, env: NodeJS.ProcessEnv): Promise<void> {
  const file = env["GITHUB_STEP_SUMMARY"];
  if (file) await appendFile(file, `${markdown}\n`);
  else process.stdout.write(`${markdown}\n`);
}

/** Hands a value on to later steps. */
export async function output(name: string, value: string, env: NodeJS.ProcessEnv): Promise<void> {
  const file = env["GITHUB_OUTPUT"];
  if (file) await appendFile(file, `${name}=${value}\n`);
}
