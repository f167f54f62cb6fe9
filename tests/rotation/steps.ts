/** The steps of a rotation, in the order in which Secrets Manager calls them. */
export const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
