/** What an architecture picture shows: parts in places, and ways between them. Drawn by svg.ts and mermaid.ts. */

/** Where parts lie, from the outside inwards. The order is the pictures'. */
export const places = {
  callers: { title: "", within: undefined },
  beyond: { title: "", within: undefined },
  aws: { title: "AWS", within: undefined },
  client: { title: "The client", within: "aws" },
  vpc: { title: "VPC", within: "aws" },
  public: { title: "Public subnets", within: "vpc" },
  private: { title: "Private subnets", within: "vpc" },
  isolated: { title: "Isolated subnets", within: "vpc" },
  region: { title: "Services of the region", within: "aws" },
  operations: { title: "Watching and keeping", within: "aws" },
} as const satisfies Record<string, { title: string; within: string | undefined }>;
export type Place = keyof typeof places;

/** What kind of thing a part is: AWS's own categories, which its icons' colours tell apart. */
export type Kind = "compute" | "database" | "management" | "network" | "outside" | "security" | "storage";

/** What a change does to something in a picture. */
export type Mark = "created" | "deleted" | "replaced" | "updated";

/** Colours that stand out from light and dark pages alike; words beside them say the same. */
export const marks: Readonly<Record<Mark, string>> = {
  created: "#2da44e",
  deleted: "#e5534b",
  replaced: "#d4651a",
  updated: "#3584e4",
};

export interface Part {
  /** Unique in the picture. */
  id: string;
  title: string;
  /** Details, one a line. */
  lines: readonly string[];
  kind: Kind;
  place: Place;
  /** URNs of the resources that it stands for. @default - none of the program's */
  of?: readonly string[];
  /** @default - a picture of what is, not of a change, or nothing changes here */
  mark?: Mark;
}

export interface Way {
  from: string;
  to: string;
  /** A port, or a verb. */
  label: string;
  /** Requests of the application's users, or what happens beside them. */
  kind: "request" | "support";
  /** @default - as for parts */
  mark?: Mark;
}

export interface Picture {
  title: string;
  parts: readonly Part[];
  ways: readonly Way[];
  /** What a place is called here beyond its own title: `10.0.0.0/16`. */
  details: Readonly<Partial<Record<Place, string>>>;
}
