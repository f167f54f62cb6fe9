/** A resource's outputs, or a function's answer, in plain form. */
export type Outputs = Record<string, unknown>;

/** The outputs of awsx:ec2:Vpc that components read, with the addresses that awsx gives out for /16, /20 and 24, 24, 28. */
export function awsxVpc({ name, inputs }: { name: string; inputs: Outputs }): Outputs {
  const names = inputs["availabilityZoneNames"] as string[] | undefined;
  const zones = names?.length ?? (inputs["numberOfAvailabilityZones"] as number | undefined) ?? 3;
  const numbers = Array.from({ length: zones }, (_, index) => index);
  const ids = (kind: string) => numbers.map((zone) => `subnet-${kind}-${zone + 1}`);
  const subnets = (kind: string, third: number, mask: number) =>
    ids(kind).map((id, zone) => ({ id, cidrBlock: `10.0.${zone * 16 + third}.0/${mask}` }));
  const endpoints = (inputs["vpcEndpointSpecs"] as { serviceName: string }[] | undefined) ?? [];
  return {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    vpc: {
      id: "vpc-0a1b2c3d4e5f60718",
      arn: `arn:aws:ec2:us-east-1:123456789012:vpc/${name}`,
      cidrBlock: inputs["cidrBlock"] ?? "10.0.0.0/16",
      defaultSecurityGroupId: "sg-default",
    },
    publicSubnetIds: ids("public"),
    privateSubnetIds: ids("private"),
    isolatedSubnetIds: ids("isolated"),
    publicSubnets: subnets("public", 0, 24),
    privateSubnets: subnets("private", 1, 24),
    isolatedSubnets: subnets("isolated", 2, 28),
    routeTables: [...ids("public"), ...ids("private"), ...ids("isolated")].map((id) => ({
      id: id.replace("subnet", "rtb"),
    })),
    vpcEndpoints: endpoints.map(({ serviceName }) => ({
      id: `vpce-${serviceName}`,
      serviceName,
      prefixListId: "pl-63a5400a",
    })),
  };
}

/** RDS names the secret of a master password it manages. */
export function rdsInstance({ inputs }: { inputs: Outputs }): Outputs {
  const identifier = String(inputs["identifier"]);
  return {
    address: `${identifier}.c0a1b2c3d4e5.us-east-1.rds.amazonaws.com`,
    masterUserSecrets: inputs["manageMasterUserPassword"]
      ? [
          {
            kmsKeyId: inputs["masterUserSecretKmsKeyId"],
            secretArn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-${identifier}-AbCdEf`,
            secretStatus: "active",
          },
        ]
      : [],
  };
}
