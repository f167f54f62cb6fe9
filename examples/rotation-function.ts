import * as pulumi from "@pulumi/pulumi";
import { RotationFunction } from "../components/rotation-function.ts";
import { given } from "./given.ts";

const { kmsKeyArn, maintenance, secretArn } = given;

// The four steps of a rotation; see rotation/ for functions that take them.
const code = "export const handler = async ({ Step }) => console.log(Step);";

const rotation = new RotationFunction("rotation", {
  setting: maintenance,
  label: "Rotation of the orders database",
  code: {
    archive: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset(code) }),
    hash: code,
  },
  environment: { DATABASE_USERS: "single" },
  statements: [],
  timeoutSeconds: 60,
  secretArn,
  secretKeyArn: kmsKeyArn,
  schedule: { days: 90, windowHours: 4 },
});

export const { functionName } = rotation;
