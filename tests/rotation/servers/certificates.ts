import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./programs.ts";

/** Makes an authority and a certificate for one name that it signed. */
export async function createCertificates(
  folder: string,
  name: string,
): Promise<{ caFile: string; certificateFile: string; keyFile: string }> {
  const file = (suffix: string): string => join(folder, suffix);
  const [caKey, caFile, keyFile, request, certificateFile, extensions] = [
    file("ca.key"),
    file("ca.pem"),
    file("server.key"),
    file("server.csr"),
    file("server.pem"),
    file("server.ext"),
  ];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const openssl = (...args: string[]): Promise<unknown> => run("openssl", args);
  await openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    caKey,
    "-out",
    caFile,
    "-days",
    "2",
    "-subj",
    "/CN=Test authority",
  );
  await openssl("req", ...newKey, "-keyout", keyFile, "-out", request, "-subj", `/CN=${name}`);
  await writeFile(extensions, `subjectAltName=DNS:${name}\n`);
  const signing = ["-CA", caFile, "-CAkey", caKey, "-CAcreateserial", "-days", "2", "-extfile", extensions];
  await openssl("x509", "-req", "-in", request, "-out", certificateFile, ...signing);
  await chmod(keyFile, 0o600);
  return { caFile, certificateFile, keyFile };
}
