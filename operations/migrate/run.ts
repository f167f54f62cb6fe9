import { randomBytes } from "node:crypto";

/** One migration from its first step to its last, over as many starts of the command as it takes. */
export interface Run {
  /** 20261123-221500-3f1a: when it began, in UTC. */
  id: string;
  /** ISO 8601. */
  startedAt: string;
  /** The image to run afterwards. Undefined: the same as before. */
  image: string | undefined;
  /** What was configured before. Undefined: none. */
  previousImage: string | undefined;
}

export function newRun(image: string | undefined, previousImage: string | undefined, now = new Date()): Run {
  const time = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return {
    id: `${time}-${randomBytes(2).toString("hex")}`,
    startedAt: now.toISOString(),
    image,
    previousImage,
  };
}

/** A run as texts, for a journal or tags; an image that there is not is left out. */
export function runFacts({ startedAt, image, previousImage }: Run): Record<string, string> {
  return {
    startedAt,
    ...(image !== undefined && { image }),
    ...(previousImage !== undefined && { previousImage }),
  };
}

export function runFrom(id: string, facts: Readonly<Record<string, string>>): Run {
  const { startedAt = new Date(0).toISOString(), image, previousImage } = facts;
  return { id, startedAt, image, previousImage };
}
