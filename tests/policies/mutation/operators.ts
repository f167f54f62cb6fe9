/** What can go wrong with a property, judged by its name and its kind alone: nothing here knows a rule of the pack. */

/** One way to make a property worse. */
export interface Operator {
  /** remove, invert, widen, downgrade, expose, forget. */
  name: string;
  /** Undefined removes the property; no entry where the value cannot be made worse this way. */
  apply: (value: unknown) => { value: unknown } | undefined;
}

/** Which names an operator concerns. */
interface Family {
  /** Of the property itself, within its owners: `metadataOptions.httpTokens`. */
  names: RegExp;
  kinds: readonly ("boolean" | "string" | "number" | "list" | "object")[];
  operators: readonly Operator[];
}

const to = (name: string, bad: unknown): Operator => ({
  name,
  apply: (value) => (JSON.stringify(value) === JSON.stringify(bad) ? undefined : { value: bad }),
});
/** Only what is set can be taken away. */
const remove: Operator = {
  name: "remove",
  apply: (value) => (value === undefined ? undefined : { value: undefined }),
};
/** What was never switched on is no protection that could be lost. */
const switchOff: Operator = {
  name: "invert",
  apply: (value) => (value === true ? { value: false } : undefined),
};
const switchOn: Operator = {
  name: "invert",
  apply: (value) => (value === true ? undefined : { value: true }),
};
const whenSet = (operator: Operator): Operator => ({
  ...operator,
  apply: (value) => (value === undefined ? undefined : operator.apply(value)),
});

export const FAMILIES: readonly Family[] = [
  {
    names:
      /(^|\.)(.*[eE]ncrypt(ed|ion|ionEnabled)|requireTls|enableKeyRotation|enableLogFileValidation|isMultiRegionTrail|deletionProtection|enableDeletionProtection|multiAz|multiAzEnabled|automaticFailoverEnabled|dropInvalidHeaderFields|blockPublic\w+|ignorePublicAcls|restrictPublicBuckets|scanOnPush|cloudWatchEncryptionEnabled|cloudwatchMetricsEnabled|readonlyRootFilesystem)$/,
    kinds: ["boolean"],
    operators: [switchOff, remove],
  },
  {
    names: /(^|\.)(autoMinorVersionUpgrade|enableLogging|actionsEnabled)$/,
    kinds: ["boolean"],
    operators: [to("invert", false)],
  },
  {
    names:
      /(^|\.)(publiclyAccessible|assignPublicIp|associatePublicIpAddress|mapPublicIpOnLaunch|assignIpv6AddressOnCreation|skipFinalSnapshot|privileged)$/,
    kinds: ["boolean"],
    operators: [switchOn],
  },
  {
    names: /(^|\.)(kms(Master)?Key(Id|Arn)?|performanceInsightsKmsKeyId)$/,
    kinds: ["string"],
    operators: [remove, whenSet(to("downgrade", "alias/aws/service"))],
  },
  { names: /(^|\.)cidr(Ipv4|Block)$/, kinds: ["string"], operators: [whenSet(to("widen", "0.0.0.0/0"))] },
  { names: /(^|\.)cidrIpv6$/, kinds: ["string"], operators: [whenSet(to("widen", "::/0"))] },
  { names: /(^|\.)ipProtocol$/, kinds: ["string"], operators: [to("widen", "-1")] },
  { names: /(^|\.)fromPort$/, kinds: ["number"], operators: [to("widen", 0)] },
  { names: /(^|\.)toPort$/, kinds: ["number"], operators: [to("widen", 65535)] },
  {
    names: /(^|\.)referencedSecurityGroupId$/,
    kinds: ["string"],
    operators: [whenSet({ name: "widen", apply: () => ({ value: undefined }) })],
  },
  { names: /(^|\.)description$/, kinds: ["string"], operators: [] },
  {
    names: /(^|\.)sslPolicy$/,
    kinds: ["string"],
    operators: [whenSet(to("downgrade", "ELBSecurityPolicy-2016-08")), remove],
  },
  {
    names: /(^|\.)minimumProtocolVersion$/,
    kinds: ["string"],
    operators: [whenSet(to("downgrade", "TLSv1")), remove],
  },
  { names: /(^|\.)securityPolicy$/, kinds: ["string"], operators: [whenSet(to("downgrade", "TLS_1_0"))] },
  { names: /(^|\.)viewerProtocolPolicy$/, kinds: ["string"], operators: [to("downgrade", "allow-all")] },
  {
    names: /(^|\.)transitEncryptionMode$/,
    kinds: ["string"],
    operators: [whenSet(to("downgrade", "preferred"))],
  },
  { names: /(^|\.)authToken$/, kinds: ["string"], operators: [remove, to("downgrade", "short")] },
  { names: /(^|\.)authorizationType$/, kinds: ["string"], operators: [whenSet(to("downgrade", "NONE"))] },
  { names: /(^|\.)(originAccessControlId|webAclId|sourceArn)$/, kinds: ["string"], operators: [remove] },
  { names: /(^|\.)signingBehavior$/, kinds: ["string"], operators: [to("downgrade", "never")] },
  {
    names: /(^|\.)sseAlgorithm$/,
    kinds: ["string"],
    operators: [
      { name: "downgrade", apply: (value) => (value === "aws:kms" ? { value: "AES256" } : undefined) },
    ],
  },
  { names: /(^|\.)objectOwnership$/, kinds: ["string"], operators: [to("downgrade", "ObjectWriter")] },
  { names: /(^|\.)acl$/, kinds: ["string"], operators: [to("expose", "public-read")] },
  {
    names: /(^|\.)versioningConfiguration\.status$/,
    kinds: ["string"],
    operators: [to("invert", "Suspended")],
  },
  { names: /(^|\.)imageTagMutability$/, kinds: ["string"], operators: [to("downgrade", "MUTABLE"), remove] },
  { names: /(^|\.)encryptionType$/, kinds: ["string"], operators: [to("downgrade", "AES256")] },
  { names: /(^|\.)desyncMitigationMode$/, kinds: ["string"], operators: [to("downgrade", "monitor")] },
  { names: /(^|\.)(pidMode|ipcMode)$/, kinds: ["string"], operators: [to("expose", "host")] },
  { names: /(^|\.)trafficType$/, kinds: ["string"], operators: [to("downgrade", "ACCEPT")] },
  {
    names: /(^|\.)runtime$/,
    kinds: ["string"],
    operators: [
      {
        name: "downgrade",
        apply: (value) => (/^nodejs/.test(String(value)) ? { value: "nodejs18.x" } : undefined),
      },
    ],
  },
  { names: /(^|\.)tracingConfig\.mode$/, kinds: ["string"], operators: [to("downgrade", "PassThrough")] },
  {
    names: /(^|\.)executeCommandConfiguration\.logging$/,
    kinds: ["string"],
    operators: [to("downgrade", "NONE"), remove],
  },
  { names: /(^|\.)transitEncryption$/, kinds: ["string"], operators: [whenSet(to("downgrade", "DISABLED"))] },
  { names: /(^|\.)principal$/, kinds: ["string"], operators: [to("widen", "*")] },
  { names: /(^|\.)parameterGroupName$/, kinds: ["string"], operators: [] },
  {
    names: /(^|\.)(backupRetentionPeriod|snapshotRetentionLimit|retentionInDays)$/,
    kinds: ["number"],
    operators: [to("forget", 0), remove],
  },
  { names: /(^|\.)numCacheClusters$/, kinds: ["number"], operators: [to("downgrade", 1)] },
  {
    names:
      /^(accessLogs|accessLogSettings|loggingConfig|deadLetterConfig|tracingConfig|imageScanningConfiguration)$/,
    kinds: ["object"],
    operators: [remove],
  },
  { names: /^(enabledCloudwatchLogsExports|alarmActions)$/, kinds: ["list"], operators: [remove] },
  { names: /^cloudWatchLogs(Group|Role)Arn$/, kinds: ["string"], operators: [remove] },
];

/** The operators for a property of this name and kind. */
export function operatorsFor(path: string, kind: string): readonly Operator[] {
  return FAMILIES.filter(
    ({ names, kinds }) => names.test(path) && (kinds as readonly string[]).includes(kind),
  ).flatMap(({ operators }) => operators);
}
