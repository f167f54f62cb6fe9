import * as z from "zod";
import { cidrForm, cidrObjection } from "./cidr.ts";
import { fargateCpus } from "./fargate.ts";
import { choice, flag, step, text, wholeNumber } from "./fields.ts";

/** The groups of keys that override what `stacks/scales.ts` gives a scale. */
export const sizes = {
  network: z
    .strictObject({
      cidrBlock: text({
        description: "The VPC's addresses. A change replaces the network and all in it.",
        form: cidrForm,
        allowed: "a private IPv4 block from /16 to /20 (room for four zones), for example 10.0.0.0/16",
        example: "10.0.0.0/16",
        objection: cidrObjection,
      }).exactOptional(),
      zones: wholeNumber({
        description: "Availability zones. One more renumbers nothing.",
        min: 2,
        max: 4,
        unit: "availability zones",
        example: 3,
      }).exactOptional(),
      zoneNames: text({
        description: "The zones by name, in order. A change of one replaces what lies in it.",
        form: /^[a-z]{2}(?:-[a-z]+)+-\d[a-z](?:,[a-z]{2}(?:-[a-z]+)+-\d[a-z]){1,3}$/,
        allowed:
          "two to four zones of the stack's region, separated by commas: us-east-1a,us-east-1b,us-east-1c",
        example: "us-east-1a,us-east-1b,us-east-1c",
        unset: "the region's first ones",
        objection: (names) =>
          new Set(zonesIn(names)).size < zonesIn(names).length ? "it names a zone twice" : undefined,
        mend: (wrong) => wrong.toLowerCase().replaceAll(/[^a-z0-9-]+/g, ","),
      }).exactOptional(),
      natGateways: choice(["none", "single", "per-zone"], {
        description: "NAT gateways. Without one the API reaches AWS alone, not OpenAI.",
        instead: "single",
      }).exactOptional(),
      interfaceEndpoints: flag({
        description: "Private ways to ECR, logs, Secrets Manager and KMS, priced by zone and hour.",
        example: true,
      }).exactOptional(),
      flowLogs: flag({
        description: "Records which connections the network let through.",
        example: true,
      }).exactOptional(),
    })
    .prefault({}),

  database: z
    .strictObject({
      engineVersion: text({
        description:
          "PostgreSQL's version. A new major one needs `database.changes` now; there is no way back.",
        form: /^1[5-7](?:\.\d{1,2})?$/,
        allowed: 'PostgreSQL 15 to 17, as text: "15" or with its minor version, "15.12"',
        example: "15",
      }).exactOptional(),
      instanceClass: text({
        description: "The RDS instance class. A change restarts the database.",
        form: instanceForm("db"),
        allowed: "an RDS instance class, for example db.t4g.medium or db.r6g.large",
        example: "db.t4g.medium",
        mend: (wrong) => `db.${wrong.toLowerCase()}`,
      }).exactOptional(),
      allocatedStorageGiB: wholeNumber({
        description: "Storage to begin with. RDS never shrinks it.",
        min: 20,
        max: 65_536,
        unit: "GiB",
        example: 50,
      }).exactOptional(),
      maxAllocatedStorageGiB: wholeNumber({
        description: "Up to where storage grows by itself.",
        min: 20,
        max: 65_536,
        unit: "GiB",
        example: 200,
      }).exactOptional(),
      backupRetentionDays: wholeNumber({
        description: "Days that automatic backups are kept.",
        min: 1,
        max: 35,
        unit: "days",
        example: 30,
        unset: "by environment, in the table below",
      }).exactOptional(),
      changes: changes("database"),
      masterPasswordRotationDays: wholeNumber({
        description: "Days after which RDS changes the master password, which the API does not use.",
        min: 1,
        max: 1000,
        unit: "days",
        example: 30,
        unset: "RDS's own 7",
      }).exactOptional(),
    })
    .prefault({}),

  cache: z
    .strictObject({
      engine: choice(["valkey", "redis"], {
        description: "The cache's engine. A change from valkey to redis replaces it.",
        instead: "valkey",
      }).exactOptional(),
      nodeType: text({
        description: "The ElastiCache node type.",
        form: instanceForm("cache"),
        allowed: "an ElastiCache node type, for example cache.t4g.micro",
        example: "cache.t4g.micro",
        mend: (wrong) => `cache.${wrong.toLowerCase()}`,
      }).exactOptional(),
      nodes: wholeNumber({
        description: "Nodes: one writes, the others read and take over.",
        min: 2,
        max: 6,
        unit: "nodes",
        example: 2,
      }).exactOptional(),
      changes: changes("cache"),
    })
    .prefault({}),

  service: z
    .strictObject({
      cpu: step(fargateCpus, {
        description: "A task's processor; 1024 units are one vCPU.",
        unit: "CPU units",
        example: 512,
      }).exactOptional(),
      memoryMiB: wholeNumber({
        description: "A task's memory; Fargate offers some sizes with each cpu.",
        min: 512,
        max: 122_880,
        unit: "MiB",
        example: 1024,
      }).exactOptional(),
      minTasks: wholeNumber({
        description: "Tasks that always run; production and dr need 2.",
        min: 1,
        max: 100,
        unit: "tasks",
        example: 2,
      }).exactOptional(),
      maxTasks: wholeNumber({
        description: "Tasks up to which the service scales by itself.",
        min: 1,
        max: 100,
        unit: "tasks",
        example: 4,
      }).exactOptional(),
    })
    .prefault({}),

  function: z
    .strictObject({
      memoryMiB: wholeNumber({
        description: "The hobby API's memory; its processor grows with it.",
        min: 128,
        max: 10_240,
        unit: "MiB",
        example: 512,
      }).exactOptional(),
      timeoutSeconds: wholeNumber({
        description: "After how long a request is given up; the HTTP API waits no longer than 30 seconds.",
        min: 1,
        max: 29,
        unit: "seconds",
        example: 29,
      }).exactOptional(),
      reservedConcurrency: wholeNumber({
        description: "Requests at once, set aside from the account's share; new accounts have none to spare.",
        min: 1,
        max: 900,
        unit: "requests at once",
        example: 20,
        unset: "none set aside",
      }).exactOptional(),
    })
    .prefault({}),

  website: z
    .strictObject({
      priceClass: choice(["PriceClass_100", "PriceClass_200", "PriceClass_All"], {
        description: "Where CloudFront keeps the client: Europe and North America, most, or all places.",
        instead: "PriceClass_100",
      }).exactOptional(),
    })
    .prefault({}),

  rotation: z
    .strictObject({
      databaseDays: days("From one new database password to the next.", 90, 90),
      cacheDays: days("From one new token of ElastiCache to the next.", 90, 90),
      apiKeyDays: days("From one new API key and cookie key to the next.", 180, 180),
      externalDays: days("From one new Cognito client secret, and OpenAI key, to the next.", 180, 90),
      byHandDays: days(
        "For how long a value may be used that only a person can renew; a reminder comes 14 days before.",
        365,
        90,
      ),
      windowHours: wholeNumber({
        description: "Within how many hours from midnight UTC a rotation begins.",
        min: 1,
        max: 24,
        unit: "hours",
        example: 4,
      }).exactOptional(),
      keyOverlapDays: wholeNumber({
        description: "How long a replaced API key or cookie key is still taken: the longest session.",
        min: 1,
        max: 180,
        unit: "days",
        example: 30,
      }).exactOptional(),
      reserveConcurrency: flag({
        description:
          "Whether each function has one concurrent execution set aside; new accounts have none to spare.",
        example: true,
      }).exactOptional(),
    })
    .prefault({}),
};

/** The zones that `network.zoneNames` names. */
export function zonesIn(zoneNames: string): string[] {
  return zoneNames.split(",");
}

function days(description: string, max: number, example: number) {
  return wholeNumber({ description, min: 1, max, unit: "days", example }).exactOptional();
}

function changes(what: string) {
  return choice(["in-maintenance-window", "now"], {
    description: `When changes are made that interrupt the ${what}. A new major version needs now.`,
    instead: "in-maintenance-window",
    unset: "`in-maintenance-window`",
  }).exactOptional();
}

function instanceForm(service: "db" | "cache"): RegExp {
  return new RegExp(`^${service}\\.[a-z]+\\d[a-z]*\\.(?:micro|small|medium|large|\\d*xlarge)$`);
}
