import type { Deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import type { Fields, Provider } from "./provider.ts";

const KEY = "OPENAI_API_KEY";
/** The service account that the key belongs to; absent while the key was made by hand. */
const ACCOUNT = "OPENAI_SERVICE_ACCOUNT";

/** Where the keys are made. */
export interface OpenAiProject {
  /** `https://api.openai.com` */
  baseUrl: string;
  projectId: string;
  /** Begins the names of the accounts that this secret's rotation makes, and of no others in the project. */
  accountPrefix: string;
  /** An admin key of the organization. */
  adminKey: () => Promise<string>;
}

interface ServiceAccount {
  id: string;
  name: string;
}

/**
 * A key of the OpenAI API (platform.openai.com/docs/api-reference/project-service-accounts). OpenAI makes the keys and shows each
 * once: every rotation makes a service account named after its secret and token, so that one whose key was lost on the way is found
 * and deleted, and none of another stack; two calls at once would delete each other's, so the function's concurrency must be 1. The key before stays valid until the next rotation; one made by hand is left to whoever made it.
 */
export function openAi(project: OpenAiProject, { signal }: Deadline): Provider {
  const accounts = `/v1/organization/projects/${encodeURIComponent(project.projectId)}/service_accounts`;

  async function call(method: string, path: string, key: string, body?: unknown): Promise<Response> {
    return fetch(new URL(path, project.baseUrl), {
      method,
      signal,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async function administer(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await call(method, path, await project.adminKey(), body);
    // The answer's text may quote a key.
    if (!response.ok)
      throw new RotationError("provider-refused", `OpenAI answered ${response.status} to ${method}.`);
    return response.json();
  }

  async function made(): Promise<ServiceAccount[]> {
    const all: ServiceAccount[] = [];
    for (let after = ""; ;) {
      const query = new URLSearchParams({ limit: "100", ...(after !== "" && { after }) });
      const page = (await administer("GET", `${accounts}?${query.toString()}`)) as {
        data: ServiceAccount[];
        has_more: boolean;
        last_id: string;
      };
      all.push(...page.data);
      if (!page.has_more) return all.filter(({ name }) => name.startsWith(project.accountPrefix));
      after = page.last_id;
    }
  }

  return {
    fields: [KEY],
    create: async (current, token) => {
      for (const { id } of await made()) {
        if (id !== current[ACCOUNT]) await administer("DELETE", `${accounts}/${encodeURIComponent(id)}`);
      }
      const account = (await administer("POST", accounts, { name: project.accountPrefix + token })) as {
        id: string;
        api_key: { value: string };
      };
      return { [KEY]: account.api_key.value, [ACCOUNT]: account.id };
    },
    // A key works as soon as it is made.
    activate: () => Promise.resolve(),
    test: async (value: Fields) => {
      const { status } = await call("GET", "/v1/models", value[KEY] ?? "");
      if (status === 401) return false;
      if (status !== 200)
        throw new RotationError("provider-refused", `OpenAI answered ${status} to a question.`);
      return true;
    },
  };
}
