/**
 * What Lambda does with a function's role to put it into a VPC (Lambda Developer Guide, "Giving Lambda functions access to
 * resources in an Amazon VPC").
 */
export const INTERFACE_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];
