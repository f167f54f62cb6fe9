/** Where a copy of Macro AI runs, in the order a change passes through them. */
export const environments = ["development", "staging", "uat", "production", "dr"] as const;
export type Environment = (typeof environments)[number];

/** Environments that serve Macro AI's users. */
export const liveEnvironments: readonly Environment[] = ["production", "dr"];

/** How much of AWS a copy gets: the cheap services by URL, or the managed ones in a network of its own. */
export const scales = ["hobby", "enterprise"] as const;
export type Scale = (typeof scales)[number];

/** What differs between environments whatever their scale. */
export interface EnvironmentTraits {
  /** The second segment of every secret's name: `/macro-ai/<secretSegment>/api-keys`. */
  readonly secretSegment: string;
  /** Whether databases, buckets and load balancers refuse to be deleted. */
  readonly deletionProtection: boolean;
  /** Days that log groups keep their events; one of the values CloudWatch takes. */
  readonly logRetentionDays: number;
  /** Days that automatic database and cache backups are kept. */
  readonly backupRetentionDays: number;
  /** Days in which a deleted secret can be restored, and in which its name stays taken; 0 frees it at once. */
  readonly secretRecoveryDays: number;
  /** Days between asking for a KMS key's deletion and its end; AWS takes 7 to 30. */
  readonly keyDeletionDays: number;
  /** GBP a month by scale. */
  readonly monthlyBudget: Readonly<Record<Scale, number>>;
}

const disposable = {
  deletionProtection: false,
  backupRetentionDays: 7,
  secretRecoveryDays: 7,
  keyDeletionDays: 7,
  monthlyBudget: { hobby: 5, enterprise: 300 },
} as const;

const precious = {
  deletionProtection: true,
  logRetentionDays: 180,
  backupRetentionDays: 30,
  secretRecoveryDays: 30,
  keyDeletionDays: 30,
  monthlyBudget: { hobby: 10, enterprise: 300 },
} as const;

/** The numbers are the system document's; what it leaves open errs on the side of keeping data. */
export const environmentTraits: Readonly<Record<Environment, EnvironmentTraits>> = {
  // Thrown away and made again under the same names, so nothing may stay reserved.
  development: { ...disposable, secretSegment: "dev", logRetentionDays: 30, secretRecoveryDays: 0 },
  staging: { ...disposable, secretSegment: "staging", logRetentionDays: 180 },
  uat: { ...disposable, secretSegment: "uat", logRetentionDays: 180, backupRetentionDays: 14 },
  production: { ...precious, secretSegment: "production" },
  dr: { ...precious, secretSegment: "dr" },
};
