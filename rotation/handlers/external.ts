import type { Deadline } from "../deadline.ts";
import { cognito, cognitoClient } from "../external/cognito.ts";
import { openAi } from "../external/openai.ts";
import { combined, external } from "../external/provider.ts";
import { Settings } from "../settings.ts";
import { rotationHandler } from "./handler.ts";
import { currentFields } from "./other-secret.ts";

const settings = new Settings();

const client = cognitoClient(settings.optional("AWS_COGNITO_REGION"));

const providers = {
  cognito: (deadline: Deadline) => cognito(deadline, client),
  openai: (deadline: Deadline) =>
    openAi(
      {
        baseUrl: settings.optional("OPENAI_URL") ?? "https://api.openai.com",
        projectId: settings.text("OPENAI_PROJECT_ID"),
        accountPrefix: settings.text("OPENAI_ACCOUNT_PREFIX"),
        adminKey: () => adminKey(deadline),
      },
      deadline,
    ),
};

const chosen = settings.choices("PROVIDERS", ["cognito", "openai"]);

/**
 * Rotates what the services `PROVIDERS` gave out: `cognito` (default), `openai` (with `OPENAI_PROJECT_ID`,
 * `OPENAI_ACCOUNT_PREFIX`, `OPENAI_ADMIN_SECRET_ARN`), or both with a comma between.
 */
export const handler = rotationHandler((deadline) =>
  external(combined(chosen.map((name) => providers[name](deadline)))),
);

/** The field `OPENAI_ADMIN_KEY` of the secret `OPENAI_ADMIN_SECRET_ARN`. */
async function adminKey(deadline: Deadline): Promise<string> {
  const secretId = settings.text("OPENAI_ADMIN_SECRET_ARN");
  const fields = await currentFields(secretId, "secret of OpenAI's admin key", deadline, "OPENAI_ADMIN_KEY");
  return fields.OPENAI_ADMIN_KEY;
}
