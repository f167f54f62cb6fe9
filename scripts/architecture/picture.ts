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

export interface Part {
  /** Unique in the picture. */
  id: string;
  title: string;
  /** Details, one a line. */
  lines: readonly string[];
  kind: Kind;
  place: Place;
}

export interface Way {
  from: string;
  to: string;
  /** A port, or a verb. */
  label: string;
  /** Requests of the application's users, or what happens beside them. */
  kind: "request" | "support";
}

export interface Picture {
  title: string;
  parts: readonly Part[];
  ways: readonly Way[];
  /** What a place is called here beyond its own title: `10.0.0.0/16`. */
  details: Readonly<Partial<Record<Place, string>>>;
}
