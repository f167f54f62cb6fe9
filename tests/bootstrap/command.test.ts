import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout, type Ended, refused, run, succeeded } from "../engine/harness.ts";

describe("npm run bootstrap", function () {
  this.timeout(300_000);
  let sandbox: string;
  const bootstrap = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
    run([join(checkout, "scripts/delivery/bootstrap.ts"), ...args], {
      MACRO_AI_SANDBOX: sandbox,
      // No credentials, wherever the SDK looks for them.
      ...Object.fromEntries(
        ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "PROFILE"].map((name) => [`AWS_${name}`, ""]),
      ),
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: join(sandbox, "none"),
      AWS_SHARED_CREDENTIALS_FILE: join(sandbox, "none"),
      ...env,
    });
  const offline = ["--sandbox", "--repository", "macro-ai/infrastructure"];
  before(async () => {
    sandbox = await mkdtemp(join(tmpdir(), "macro-ai-bootstrap-"));
  });
  after(() => rm(sandbox, { recursive: true, force: true }));

  it("makes everything in the sandbox, passes the policy pack, and says what is next", async () => {
    const { stdout } = succeeded(await bootstrap(offline));
    assert.match(stdout, /\+ \d+ created/);
    assert.match(stdout, /✅ macro-ai@|macro-ai@v/);
    assert.doesNotMatch(stdout, /\[mandatory\]/);
    for (const line of [
      /^gh variable set PULUMI_BACKEND_URL --repo macro-ai\/infrastructure --body 's3:\/\/state-[0-9a-f]{7}\?region=us-west-2'$/m,
      /^gh variable set AWS_ROLE_PREVIEW_STAGING .*role\/macro-ai-preview-staging'$/m,
      /^gh variable set AWS_ROLE_DRIFT_PRODUCTION .*role\/macro-ai-drift-production'$/m,
      /^gh api --method PUT repos\/macro-ai\/infrastructure\/branches\/main\/protection .*required_approving_review_count\]=1'/m,
      /^gh api --method POST repos\/macro-ai\/infrastructure\/environments\/drift-staging\/deployment-branch-policies -f name=main$/m,
      /^gh api --method POST repos\/macro-ai\/infrastructure\/environments\/production\/deployment-branch-policies -f name=main$/m,
      /^PULUMI_CONFIG_PASSPHRASE= npm run move-state -- --stack account --project bootstrap --from file:\S+ --to 's3:/m,
      /^npm run move-state -- --stack production --to 's3:.*' --secrets-provider 'awskms:\/\/\/arn:aws:kms:us-west-2:\d{12}:key\/.*context_stack=production'$/m,
      /^pulumi config set macro-ai:permissionsBoundary arn:aws:iam::\d{12}:policy\/macro-ai-workload-staging --stack staging$/m,
    ])
      assert.match(stdout, line);
  });

  it("changes nothing the second time", async () => {
    assert.match(succeeded(await bootstrap(offline)).stdout, /^\s+\d+ unchanged$/m);
  });

  it("ends before it has made anything where somebody has bootstrapped the account already", async () => {
    const state = join(sandbox, "bootstrap/state");
    await rm(state, { recursive: true });
    const made = async () =>
      Object.keys(
        (JSON.parse(await readFile(join(sandbox, "bootstrap/cloud.json"), "utf8")) as { resources: object })
          .resources,
      );
    const before = await made();
    const { stdout } = refused(await bootstrap(offline));
    assert.match(stdout, /openIdConnectProvider|OpenIdConnectProvider/);
    assert.match(stdout, /EntityAlreadyExists/);
    assert.deepEqual(await made(), before);
  });

  it("tells everything that is wrong at once, and the next step", async () => {
    const { stderr } = refused(await bootstrap(["--sandbox", "--region", "mars", "--repository", "nobody"]));
    assert.match(
      stderr,
      /Nothing was changed:\n {2}- repository is "nobody"; give .*\n {2}- region is "mars"; give a region of AWS/,
    );
    const missing = refused(await bootstrap(["--sandbox"]));
    assert.match(
      missing.stderr,
      /repository is missing; give .*npm run bootstrap -- --repository <owner>\/<name>/,
    );
    assert.match(
      refused(await bootstrap(["--repositry", "x"])).stderr,
      /unknown option[^]*--repository[^]*--help/,
    );
  });

  it("says where credentials come from when there are none", async () => {
    const { stderr } = refused(await bootstrap(["--repository", "macro-ai/infrastructure"]));
    assert.match(stderr, /There are no AWS credentials.*AWS_PROFILE.*--sandbox/);
  });
});
