/**
 * What runs the documentation's commands. A command's options must stand in the named test, in what it imports of `tests/`, or
 * in the source that adds them on its behalf: no row can name a test that runs the command without them.
 */

/** By a command's essence (`commands.ts`): the file that runs it, the title of its test or the line of CI, and that source. */
export const runBy: Readonly<Record<string, readonly [file: string, title: string, source?: string]>> = {
  "bash .ci/run": [".github/workflows/checks.yml", "bash .ci/run"],
  "bash .ci/run lint": [".github/workflows/checks.yml", "bash .ci/run"],
  "npm ci": [".ci/run", "step npm ci"],
  "npm run test": [".ci/run", "step npm test"],
  "npm run types": [".ci/run", "step npm run types"],
  // `npm run lint` has prettier compare what `npm run format` would write.
  "npm run format": [".ci/run", "step npm run lint"],
  mocha: [".ci/run", "step npm test"],

  "npm run start": ["tests/engine/lifecycle.test.ts", "come up with one command, past the policies"],
  "npm run start --preview": ["tests/sandbox/cli/start.test.ts", "previews without changing anything"],
  "npm run doctor": ["tests/sandbox/engine/diagnose.test.ts", "finds an engine and asks its language host"],
  "npm run sandbox": ["tests/sandbox/cli/sandbox.test.ts", "says what it is when nothing is asked of it"],
  "npm run sandbox config set": [
    "tests/sandbox/cli/sandbox.test.ts",
    "writes a plain value into the committed file",
  ],
  "npm run sandbox preview --diff": [
    "tests/engine/drift.test.ts",
    "is shown by refresh, property by property",
  ],
  "npm run sandbox stack export": [
    "tests/engine/lifecycle.test.ts",
    "can be exported with inputs, outputs and dependencies",
  ],
  "npm run example up --yes": ["tests/examples/examples.test.ts", "come up"],
  "npm run dr-drill": [
    "tests/engine/disaster-recovery.test.ts",
    "makes production again from its copies, in one command",
  ],
  "npm run test:faults": [
    "tests/faults/stack-sweep.test.ts",
    "strikes each once and ends with the stack whole",
  ],
  "npm run example": ["tests/docs/commands.test.ts", "npm run example lists the examples"],
  "npm run test:faults --kind": ["tests/faults/options.test.ts", "can be repeated"],

  "npm run docs:architecture": [".ci/run", "npm run docs:architecture -- --check"],
  "npm run docs:config": [".ci/run", "npm run docs:config -- --check"],
  "npm run docs:cost": [".ci/run", "npm run docs:cost -- --check"],
  "npm run docs:network": [".ci/run", "npm run docs:network -- --check"],
  "npm run docs:permissions": [".ci/run", "npm run docs:permissions -- --check"],
  "npm run docs:resources": ["tests/stacks/resources.test.ts", "scale are those that were reviewed"],
  "npm run schema": [".ci/run", "npm run schema -- --check"],
  "npm run placeholder": [".ci/run", "npm run placeholder -- --check"],
  "npm run build": [
    "tests/rotation/fresh-bundles.test.ts",
    "gives the same bytes, and leaves alone what is right already",
  ],
  "npm run build:runtime": ["tests/runtime/package.test.ts", "is below 100 kB without the AWS SDK"],
  "npm run lint:workflows": ["tests/delivery/workflows.test.ts", "has no finding"],
  "npm run policy-report": ["tests/policies/report.test.ts", "is SARIF, by its schema"],

  "npm run cost": ["tests/engine/cost.test.ts", "is told by npm run cost as docs/cost.md has it"],
  "npm run cost --json": ["tests/engine/cost.test.ts", "is told by npm run cost as docs/cost.md has it"],
  "npm run cost --currency": ["tests/engine/cost.test.ts", "is told by npm run cost as docs/cost.md has it"],
  "npm run cost --usage": ["tests/scripts/cost/options.test.ts", "are all read"],
  "npm run cost --diff": ["tests/scripts/cost/options.test.ts", "are all read"],
  "npm run report": ["tests/scripts/report/options.test.ts", "are production against main in the sandbox"],
  "npm run report --base": [
    "tests/scripts/report/sandbox.test.ts",
    "tells what the checkout changes, and what is lost",
  ],
  "npm run report --preview --snapshot": [
    "tests/scripts/report/sandbox.test.ts",
    "takes a preview of the real stack in its place",
  ],

  "npm run bootstrap": ["tests/bootstrap/command.test.ts", "changes nothing the second time"],
  "npm run bootstrap --repository": ["tests/bootstrap/command.test.ts", "makes everything in the sandbox"],
  "npm run bootstrap --repository --sandbox": [
    "tests/bootstrap/command.test.ts",
    "makes everything in the sandbox",
  ],
  "npm run plan": ["tests/delivery/deploy.test.ts", "applies the reviewed plan alone"],
  "npm run deploy": ["tests/delivery/deploy.test.ts", "is well when the API is"],
  "npm run deploy --digest --plan": ["tests/delivery/deploy.test.ts", "applies the reviewed plan alone"],
  "npm run deploy --refresh": ["tests/delivery/deploy.test.ts", "undoes drift"],
  "npm run drift": ["tests/delivery/deploy.test.ts", "undoes drift"],
  "npm run delivery:drill": [
    "tests/delivery/commands.test.ts",
    "keeps an issue open for each drill while it fails",
  ],
  "npm run health": ["tests/delivery/commands.test.ts", "npm run health says whether an API is well"],
  "npm run move-state": ["tests/delivery/move-state.test.ts", "does nothing when it is done, and says so"],
  "npm run move-state --from --secrets-provider --to": [
    "tests/delivery/move-state.test.ts",
    "leaves the old state as it was",
  ],
  "npm run move-state --from --project --secrets-provider --to": [
    "tests/delivery/move-state.test.ts",
    "leaves the old state as it was",
  ],

  "npm run rotate": ["tests/operations/rotate/rotate.test.ts", "starts a rotation, shows its steps"],
  "npm run rotate --secret": ["tests/operations/rotate/rotate.test.ts", "starts a rotation, shows its steps"],
  "npm run rotate --secret --set": [
    "tests/operations/rotate/rotate.test.ts",
    "writes one field from standard input and notes the day",
  ],
  "npm run rotate --set": [
    "tests/operations/rotate/rotate.test.ts",
    "writes one field from standard input and notes the day",
  ],
  "npm run rotate --status": [
    "tests/operations/rotate/rotate.test.ts",
    "shows every secret of the stack with --status",
  ],
  "npm run migrate": [
    "tests/operations/migrate/enterprise.test.ts",
    "starts the same image anew when there is no other",
  ],
  "npm run migrate --image": ["tests/operations/migrate/enterprise.test.ts", "goes through the six steps"],
  "npm run migrate --image --migrations": [
    "tests/operations/migrate/hobby.test.ts",
    "dumps, migrates from here",
  ],
  "npm run migrate --image --plan": [
    "tests/operations/migrate/enterprise.test.ts",
    "--plan and --dry-run change nothing",
  ],
  "npm run migrate --dry-run --image": [
    "tests/operations/migrate/enterprise.test.ts",
    "--plan and --dry-run change nothing",
  ],
  "npm run migrate --resume": [
    "tests/operations/migrate/enterprise.test.ts",
    "killed at each step, by turns on another machine",
  ],
  "npm run migrate --rollback": [
    "tests/operations/migrate/enterprise.test.ts",
    "code first, then the schema",
  ],
  "npm run restore": ["tests/operations/restore/restore.test.ts", "refuses what cannot be restored"],
  "npm run restore --to": [
    "tests/operations/restore/restore.test.ts",
    "makes one beside, turns everybody to it",
  ],
  "npm run restore --plan --to": [
    "tests/operations/restore/restore.test.ts",
    "refuses what cannot be restored",
  ],
  "npm run restore --resume": [
    "tests/operations/restore/restore.test.ts",
    "takes a snapshot, killed at each step",
  ],
  "npm run restore --drill": [
    "tests/operations/restore/restore.test.ts",
    "restores into a throw-away stack, says how long it took, and leaves nothing",
  ],
  "npm run restore --rollback": ["tests/operations/restore/restore.test.ts", "goes back to the old one"],
  "npm run upgrade": [
    "tests/operations/upgrade/upgrade.test.ts",
    "moves a stack up, and says nothing of its passwords",
  ],
  "npm run upgrade --plan": ["tests/operations/upgrade/upgrade.test.ts", "--plan says what would be done"],
  "npm run upgrade --resume": ["tests/operations/upgrade/upgrade.test.ts", "killed at each step"],
  "npm run upgrade --rollback": [
    "tests/operations/upgrade/upgrade.test.ts",
    "goes back: addresses, scale, image, and writes",
  ],

  "pulumi preview": ["tests/engine/lifecycle.test.ts", "previews without changes"],
  "pulumi preview --policy-pack": [
    "tests/examples/examples.test.ts",
    "by itself, without a finding of the policies",
  ],
  "pulumi preview --json --policy-pack --show-sames": [
    "tests/scripts/report/sandbox.test.ts",
    "tells what the checkout changes, and what is lost",
    "scripts/report/sandbox.ts",
  ],
  "pulumi preview --refresh": ["tests/delivery/deploy.test.ts", "undoes drift"],
  "pulumi refresh": ["tests/engine/lifecycle.test.ts", "refreshes without changes"],
  "pulumi up": ["tests/engine/scale-switch.test.ts", "goes up to enterprise and replaces nothing"],
  "pulumi up --policy-pack": [
    "tests/engine/policy.test.ts",
    "lets the update through when the program is mended",
    "sandbox/cli/sandbox.ts",
  ],
  "pulumi up --refresh": ["tests/engine/drift.test.ts", "is found in one go by up --refresh"],
  "pulumi up --target": [
    "tests/engine/restore.test.ts",
    "is made in a throw-away stack of what it needs, and goes again with what it leaves",
  ],
  "pulumi up --replace": [
    "tests/engine/database.test.ts",
    "is made of the old one's backups, which then goes",
  ],
  "pulumi destroy": ["tests/engine/lifecycle.test.ts", "go after the three steps"],
  "pulumi stack output": ["tests/engine/lifecycle.test.ts", "has outputs that tell where everything is"],
  "pulumi stack init --secrets-provider": [
    "tests/delivery/move-state.test.ts",
    "leaves the old state as it was",
  ],
};

/** Run by `commands.test.ts` itself, in this order, as the documentation has them: those that ask no program. */
export const runHere: readonly string[] = [
  "pulumi stack init",
  "pulumi config set",
  "pulumi config set --path",
  "pulumi config set --secret",
  "pulumi config get",
  "npm run sandbox config set --path",
  "pulumi config rm --path",
  "pulumi config rm",
  "pulumi stack --show-urns",
  "pulumi stack history",
  "npm run sandbox stack export --show-secrets",
  "pulumi stack change-secrets-provider",
  "pulumi cancel",
  "pulumi stack rm",
];

/** No test runs these, for the reason given; their scripts and options are checked like all others'. */
export const notRun: Readonly<Record<string, string>> = {
  "npm install": "it would change the packages that the tests run with",
  "npm exec -- mocha": "what is behind it is npm test",
  "npm run bench": "it measures for half an hour; tests/bench runs its parts",
  "npm run bench --only": "likewise, for minutes",
  "pulumi up --debug": "named for what it prints, which Pulumi decides",
};
