import { callLimits } from "../../../rotation/store.ts";

/** What a client of AWS's SDK needs to speak to a stand-in. */
export function clientOf(endpoint: string) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { ...callLimits, endpoint, region: "us-east-1", credentials };
}
