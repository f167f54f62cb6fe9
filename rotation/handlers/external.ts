import { RotationError } from "../errors.ts";
import { jsonObject, wrongShape } from "../json.ts";
import { cognito } from "../external/cognito.ts";
import { openAi } from "../external/openai.ts";
import { external } from "../external/provider.ts";
import type { Deadline } from "../deadline.ts";
import { Settings } from "../settings.ts";
import { secretStore } from "../store.ts";
import { rotationHandler } from "./handler.ts";

const settings = new Settings();

const providers = {
  cognito: (deadline: Deadline) => cognito(deadline),
  openai: (deadline: Deadline) =>
    openAi(
      {
        baseUrl: settings.optional("OPENAI_URL") ?? "https://api.openai.com",
        projectId: settings.text("OPENAI_PROJECT_ID"),
        adminKey: () => adminKey(deadline),
      },
      deadline,
    ),
};

const provider = providers[settings.choice("PROVIDER", ["cognito", "openai"])];

/** Rotates what the service `PROVIDER` gave out: `cognito` (default), or `openai` (with `OPENAI_PROJECT_ID`, `OPENAI_ADMIN_SECRET_ARN`). */
export const handler = rotationHandler((deadline) => external(provider(deadline)));

/** The field `OPENAI_ADMIN_KEY` of the secret `OPENAI_ADMIN_SECRET_ARN`. */
async function adminKey(deadline: Deadline): Promise<string> {
  const text = await secretStore(settings.text("OPENAI_ADMIN_SECRET_ARN"), deadline).labelled("AWSCURRENT");
  if (text === undefined)
    throw new RotationError("no-current-value", "The secret of OpenAI's admin key is empty.");
  const { OPENAI_ADMIN_KEY: key } = jsonObject(text);
  if (typeof key !== "string") throw wrongShape("the secret of OpenAI's admin key lacks OPENAI_ADMIN_KEY");
  return key;
}
