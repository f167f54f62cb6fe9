import type * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "../components/alarm-definition.ts";
import type { AliasTarget } from "../components/domain.ts";
import type { EventDefinition } from "../components/event-definition.ts";
import type { SecretDefinition, SecretSet } from "../components/secret-set.ts";
import type { StackConfig } from "./config.ts";
import type { Repository } from "./images.ts";
import type { Inherit, Replica } from "./replicas.ts";
import type { Sizes } from "./scales.ts";

/** What both scales stand on. */
export interface Foundation<Config extends StackConfig = StackConfig> {
  config: Config;
  sizes: Sizes;
  region: string;
  accountId: pulumi.Output<string>;
  /** The stack's shared key: secrets, logs, images, notifications. */
  kmsKeyArn: pulumi.Output<string>;
  /** The key for what must lie in us-east-1. */
  edgeKeyArn: pulumi.Output<string>;
  /** Where the API's images are. */
  apiRepository: Repository;
  /** Where backups and secrets are copied to, if anywhere. */
  replica?: Replica;
  /** The values that another environment's secrets have, where the stack starts from their copies. */
  inherit?: Inherit;
  /** The API's certificate, where the stack has a domain. */
  certificateArn?: pulumi.Output<string>;
}

/** What deserves to wake somebody. */
export interface Watched {
  alarms: AlarmDefinition[];
  events: EventDefinition[];
}

/** The API, wherever it runs. */
export interface Api extends Watched {
  url: pulumi.Output<string>;
  /** Where the records of its host name must lead. @default - it has no host name of its own */
  target?: AliasTarget;
}

/** What a scale makes: first the places where data lives, then, once their secrets stand, the API. */
export interface Platform extends Watched {
  /**
   * The secrets that say how to reach the data, by the last part of their names. The same names at both scales: a secret
   * that goes keeps its name reserved for its recovery window, and the way back would be barred.
   */
  secrets: Record<string, SecretDefinition>;
  serveApi(secrets: SecretSet): Api;
}
