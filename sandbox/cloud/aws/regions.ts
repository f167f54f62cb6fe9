/** Regions whose zones the stand-in knows: the short code of zone ids and the letters of the zones open to new subnets. */
const REGIONS: Readonly<
  Record<string, { code: string; zones: string; elbAccount: string; albZone: string; s3Zone: string }>
> = {
  "us-east-1": {
    code: "use1",
    zones: "abcdef",
    elbAccount: "127311923021",
    albZone: "Z35SXDOTRQ7X7K",
    s3Zone: "Z3AQBSTGFYJSTF",
  },
  "us-east-2": {
    code: "use2",
    zones: "abc",
    elbAccount: "033677994240",
    albZone: "Z3AADJGX6KTTL2",
    s3Zone: "Z2O1EMRO9K5GLX",
  },
  "us-west-1": {
    code: "usw1",
    zones: "ac",
    elbAccount: "027434742980",
    albZone: "Z368ELLRRE2KJ0",
    s3Zone: "Z2F56UZL2M1ACD",
  },
  "us-west-2": {
    code: "usw2",
    zones: "abcd",
    elbAccount: "797873946194",
    albZone: "Z1H1FL5HABSF5",
    s3Zone: "Z3BJ6K6RIION7M",
  },
  "ca-central-1": {
    code: "cac1",
    zones: "abd",
    elbAccount: "985666609251",
    albZone: "ZQSVJUPU6J1EY",
    s3Zone: "Z1QDHH18159H29",
  },
  "eu-central-1": {
    code: "euc1",
    zones: "abc",
    elbAccount: "054676820928",
    albZone: "Z215JYRZR1TBD5",
    s3Zone: "Z21DNDUVLTQW6Q",
  },
  "eu-west-1": {
    code: "euw1",
    zones: "abc",
    elbAccount: "156460612806",
    albZone: "Z32O12XQLNTSW2",
    s3Zone: "Z1BKCTXD74EZPE",
  },
  "eu-west-2": {
    code: "euw2",
    zones: "abc",
    elbAccount: "652711504416",
    albZone: "ZHURV8PSTC4K8",
    s3Zone: "Z3GKZC51ZF0DB4",
  },
  "eu-west-3": {
    code: "euw3",
    zones: "abc",
    elbAccount: "009996457667",
    albZone: "Z3Q77PNBQS71R4",
    s3Zone: "Z3R1K369G5AVDG",
  },
  "eu-north-1": {
    code: "eun1",
    zones: "abc",
    elbAccount: "897822967062",
    albZone: "Z23TAZ6LKFMNIO",
    s3Zone: "Z3BAZG2TWCNX0D",
  },
  "ap-southeast-1": {
    code: "apse1",
    zones: "abc",
    elbAccount: "114774131450",
    albZone: "Z1LMS91P8CMLE5",
    s3Zone: "Z3O0J2DXBE1FTB",
  },
  "ap-southeast-2": {
    code: "apse2",
    zones: "abc",
    elbAccount: "783225319266",
    albZone: "Z1GM3OXH4ZPM65",
    s3Zone: "Z1WCIGYICN2BYD",
  },
  "ap-northeast-1": {
    code: "apne1",
    zones: "acd",
    elbAccount: "582318560864",
    albZone: "Z14GRHDCWA56QT",
    s3Zone: "Z2M4EHUR26P7ZW",
  },
};

function region(name: string): (typeof REGIONS)[string] {
  const found = REGIONS[name];
  if (found === undefined)
    throw new Error(
      `region "${name}" is not in the stand-in cloud. It has ${Object.keys(REGIONS).join(", ")}; ` +
        `add others to sandbox/cloud/aws/regions.ts.`,
    );
  return found;
}

/** Names of the region's zones, e.g. us-east-1a. */
export function zonesOf(name: string): string[] {
  return Array.from(region(name).zones, (letter) => name + letter);
}

/** Ids of the region's zones, e.g. use1-az1, in the order of their names. */
export function zoneIdsOf(name: string): string[] {
  const { code, zones } = region(name);
  return Array.from(zones, (_, index) => `${code}-az${index + 1}`);
}

/** The id of one zone, empty for a name that is none. */
export function zoneIdOf(name: string, zone: string): string {
  return zoneIdsOf(name)[zonesOf(name).indexOf(zone)] ?? "";
}

/** The hosted zone of the region's Application Load Balancers. Source: AWS General Reference, Elastic Load Balancing endpoints. */
export function albZoneOf(name: string): string {
  return region(name).albZone;
}

/** The hosted zone of the region's S3 website endpoints. Source: AWS General Reference, Amazon S3 website endpoints. */
export function s3ZoneOf(name: string): string {
  return region(name).s3Zone;
}

/** The account from which load balancers write access logs. Source: Elastic Load Balancing user guide, access logs. */
export function elbAccountOf(name: string): string {
  return region(name).elbAccount;
}
