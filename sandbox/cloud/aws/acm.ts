import { createHash } from "node:crypto";
import type { Context, Inputs, Rules } from "../rule.ts";
import { check, conflicting, count, exactlyOne, matches, oneOf, when, needs } from "./constraints.ts";
import { certificate, firstOf, naming, refersTo, unlessUsed } from "./references.ts";
import { arn, blank, known, list, text, uuid } from "./shapes.ts";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const DOMAIN = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

export const acm: Rules = {
  [CERTIFICATE]: {
    id: (ctx) => arn(ctx, "acm", `certificate/${uuid(ctx)}`),
    computed: (ctx) => {
      const dns = text(ctx.inputs, "validationMethod") === "DNS";
      return {
        arn: ctx.id,
        domainName: "",
        domainValidationOptions: dns ? namesOf(ctx.inputs).map((name) => validationOption(ctx, name)) : [],
        keyAlgorithm: "RSA_2048",
        notAfter: "",
        notBefore: "",
        options: { certificateTransparencyLoggingPreference: "ENABLED", export: "DISABLED" },
        pendingRenewal: false,
        renewalEligibility: "INELIGIBLE",
        renewalSummaries: [],
        status: known(ctx.inputs["validationMethod"]) ? "PENDING_VALIDATION" : "ISSUED",
        subjectAlternativeNames: namesOf(ctx.inputs),
        type: known(ctx.inputs["privateKey"]) ? "IMPORTED" : "AMAZON_ISSUED",
        validationEmails: [],
        ...blank("validationMethod"),
      };
    },
    replaceOn: [
      "certificateAuthorityArn",
      "domainName",
      "keyAlgorithm",
      "subjectAlternativeNames",
      "validationMethod",
      "validationOptions",
    ],
    sets: ["subjectAlternativeNames", "validationOptions"],
    check: check(
      exactlyOne("domainName", "privateKey", "privateKeyWo"),
      conflicting("validationMethod", "privateKey"),
      when(
        (inputs) => known(inputs["domainName"]) && inputs["certificateAuthorityArn"] === undefined,
        needs("for a public certificate", "validationMethod"),
      ),
      oneOf("validationMethod", "DNS", "EMAIL", "HTTP"),
      oneOf(
        "keyAlgorithm",
        "RSA_1024",
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "EC_prime256v1",
        "EC_secp384r1",
        "EC_secp521r1",
      ),
      matches("domainName", DOMAIN, "a domain name such as example.com or *.example.com"),
      matches("subjectAlternativeNames[]", DOMAIN, "a domain name such as example.com or *.example.com"),
      count("subjectAlternativeNames", 0, 100),
    ),
    guardDelete: unlessUsed(
      {
        "aws:lb/listener:Listener": ["certificateArn"],
        "aws:alb/listener:Listener": ["certificateArn"],
        "aws:lb/listenerCertificate:ListenerCertificate": ["certificateArn"],
        "aws:cloudfront/distribution:Distribution": ["viewerCertificate.acmCertificateArn"],
        "aws:apigatewayv2/domainName:DomainName": ["domainNameConfiguration.certificateArn"],
      },
      (ctx, users) => `ResourceInUseException: Certificate ${ctx.id} is in use (${naming(users)})`,
    ),
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    // The moment of issue, as pulumi-aws gives it: nanoseconds keep two of them apart.
    id: (ctx) =>
      `${ctx.createdAt.replace("T", " ").replace("Z", "")}${Number.parseInt(ctx.hex(5), 16) % 1000000} +0000 UTC`,
    computed: () => ({}),
    replaceOn: ["certificateArn", "validationRecordFqdns"],
    sets: ["validationRecordFqdns"],
    admit: firstOf(refersTo({ certificateArn: certificate }), recordsExist),
  },
};

function namesOf(inputs: Inputs): string[] {
  return [
    ...new Set([text(inputs, "domainName"), ...list(inputs, "subjectAlternativeNames").map(String)]),
  ].filter(Boolean);
}

/** A name and its wildcard are validated by the same record. */
function validationOption(ctx: Context, domainName: string) {
  const base = domainName.replace(/^\*\./, "").toLowerCase();
  const token = (label: string) =>
    createHash("md5").update(`${ctx.accountId}:${base}:${label}`).digest("hex");
  return {
    domainName,
    resourceRecordName: `_${token("name")}.${base}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${token("value")}.${token("zone").replace(/[0-9]/g, "").padEnd(10, "x").slice(0, 10)}.acm-validations.aws.`,
  };
}

/** Without its DNS records a certificate would wait for 75 minutes and fail: say so at once. */
function recordsExist({ inputs, world }: Context): string | undefined {
  const options = world.get(CERTIFICATE, text(inputs, "certificateArn"))?.state["domainValidationOptions"];
  const wanted = new Set(
    (Array.isArray(options) ? (options as Inputs[]) : []).map((option) =>
      plainName(text(option, "resourceRecordName")),
    ),
  );
  const given = new Set(list(inputs, "validationRecordFqdns").map((name) => plainName(String(name))));
  const records = new Set(
    world.list("aws:route53/record:Record").map(({ state }) => plainName(text(state, "fqdn"))),
  );
  const missing = [...wanted].find((name) => (given.size > 0 && !given.has(name)) || !records.has(name));
  return missing === undefined
    ? undefined
    : `timeout while waiting for state to become 'ISSUED': missing ${missing} DNS validation record`;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
