import { liveEnvironments } from "../environments.ts";
import { backupForms } from "./restore.ts";
import type { Rule } from "./rules.ts";
import type { Settings } from "./schema.ts";
import { zonesIn } from "./sizes.ts";

/** The zones that are chosen by name. */
function namedZones({ network: { zoneNames } }: Settings): string[] {
  return zoneNames === undefined ? [] : zonesIn(zoneNames);
}

/** What cannot work among the keys for copies in a second region, and for starting from copies. */
export const recoveryRules: readonly Rule[] = [
  {
    path: ["replicaRegion"],
    broken: ({ settings }) => settings.replicaRegion === settings["aws:region"],
    says: ({ settings }) => `is ${settings["aws:region"]}, the region of the stack itself.`,
    fixes: ({ settings }) => [
      {
        change: "set",
        path: ["replicaRegion"],
        value: settings["aws:region"] === "us-west-2" ? "us-east-1" : "us-west-2",
      },
      { change: "remove", path: ["replicaRegion"] },
    ],
  },
  {
    path: ["replicaRegion"],
    broken: ({ settings }) =>
      settings.replicaRegion !== undefined && !liveEnvironments.includes(settings.environment),
    says: ({ settings }) =>
      `is set, but ${settings.environment} is not worth copying: images are copied for a whole account and region, so one stack there says so.`,
    fixes: () => [{ change: "remove", path: ["replicaRegion"] }],
  },
  {
    path: ["restore", "databaseSnapshot"],
    broken: ({ settings: { restore } }) =>
      restore.databaseSnapshot !== undefined && restore.databaseBackups !== undefined,
    says: () => "is set beside restore.databaseBackups, and a database is made of one of them.",
    fixes: () => [
      { change: "remove", path: ["restore", "databaseSnapshot"] },
      { change: "remove", path: ["restore", "databaseBackups"] },
    ],
  },
  {
    path: ["restore", "time"],
    broken: ({ settings: { restore } }) =>
      restore.time !== undefined && restore.databaseBackups === undefined,
    says: () => "has no effect: it needs restore.databaseBackups, and a snapshot is of one time only.",
    fixes: () => [{ change: "remove", path: ["restore", "time"] }],
  },
  {
    path: ["restore", "databaseBackups"],
    broken: ({ settings }) => {
      const there = backupForms.copies.exec(settings.restore.databaseBackups ?? "")?.[1];
      return there !== undefined && there !== settings["aws:region"];
    },
    says: ({ settings }) =>
      `lies in another region than the stack, ${settings["aws:region"]}, which can only restore what lies there.`,
    fixes: () => [{ change: "remove", path: ["restore", "databaseBackups"] }],
  },
  {
    path: ["restore", "replicasOf"],
    broken: ({ settings }) => settings.restore.replicasOf === settings.environment,
    says: ({ settings }) => `is ${settings.environment}, the stack's own environment.`,
    fixes: () => [{ change: "remove", path: ["restore", "replicasOf"] }],
  },
  {
    path: ["network", "zoneNames"],
    broken: ({ settings }) =>
      namedZones(settings).some((name) => name.slice(0, -1) !== settings["aws:region"]),
    says: ({ settings }) => `names a zone of another region than the stack's, ${settings["aws:region"]}.`,
    fixes: () => [{ change: "remove", path: ["network", "zoneNames"] }],
  },
  {
    path: ["network", "zones"],
    broken: ({ settings }) =>
      settings.network.zones !== undefined &&
      settings.network.zoneNames !== undefined &&
      settings.network.zones !== namedZones(settings).length,
    says: ({ settings }) =>
      `is ${String(settings.network.zones)}, but network.zoneNames names ${namedZones(settings).length}.`,
    fixes: ({ settings }) => [
      { change: "set", path: ["network", "zones"], value: namedZones(settings).length },
      { change: "remove", path: ["network", "zoneNames"] },
    ],
  },
];
