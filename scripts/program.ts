/** What a program registers, whoever tells of it: mocks or a preview. */

/** One resource as the program asked for it. */
export interface Registered {
  type: string;
  /** Logical name. */
  name: string;
  urn: string;
  /** The provider's name for it; undefined where a preview does not know it. */
  id: string | undefined;
  /** False for components, remote ones (awsx) included. */
  custom: boolean;
  /** URN of the parent, empty at the top. */
  parent: string;
  inputs: Readonly<Record<string, unknown>>;
  options: {
    /** Property path, then the URNs its value comes from. */
    propertyDependencies: Readonly<Record<string, readonly string[]>>;
  };
}

/** All resources of a program. */
export interface Program {
  readonly resources: readonly Registered[];
  /** All of a type; its token's last part is enough if it is unambiguous: `Instance`. */
  all(type: string): readonly Registered[];
  /** The one with this URN. Throws where there is none. */
  at(urn: string): Registered;
}
