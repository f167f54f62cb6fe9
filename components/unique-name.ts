import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";

/**
 * A physical name that other names are derived from before its bearer exists: log groups that AWS would otherwise
 * create unencrypted, a final snapshot. Pulumi's auto-naming tells the name too late for that. The random part is drawn
 * once and kept in the state; replacing this resource gives a new name. Costs nothing.
 *
 * @returns `<name>-<8 hexadecimal digits>`, at most `name.length + 9` characters.
 */
export function uniqueName(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const suffix = new RandomId(`${name}-name`, { byteLength: 4 }, opts);
  return pulumi.interpolate`${name}-${suffix.hex}`;
}
