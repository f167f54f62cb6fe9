import type { Failure } from "./errors.ts";

/** What Node's sockets and their TLS say, in our words, by the error's code. */
export const networkFailures: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: "unreachable",
  ECONNRESET: "unreachable",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EPIPE: "unreachable",
  ETIMEDOUT: "unreachable",
  // What answers is no TLS.
  EPROTO: "tls-refused",
  ERR_SSL_WRONG_VERSION_NUMBER: "tls-refused",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "tls-refused",
  CERT_HAS_EXPIRED: "tls-untrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls-untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "tls-untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls-untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls-untrusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls-wrong-host",
};
