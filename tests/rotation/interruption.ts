import type { Connector } from "../../rotation/database/connection.ts";
import type { Store } from "../../rotation/store.ts";

/** Is told of each call to the outside after it was answered, and may end the process or fail the call. */
export type AfterCall = (call: string) => void;

/** The store, each of its calls told of. */
export function interruptedStore(store: Store, after: AfterCall): Store {
  const told =
    <Args extends readonly unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const result = await call(...args);
      after(name);
      return result;
    };
  return {
    describe: told("DescribeSecret", store.describe),
    labelled: told("GetSecretValue by label", store.labelled),
    written: told("GetSecretValue by version", store.written),
    version: told("GetSecretValue by version", store.version),
    putPending: told("PutSecretValue", store.putPending),
    makeCurrent: told("UpdateSecretVersionStage", store.makeCurrent),
  };
}

/** The connector, each login and each statement told of. */
export function interruptedConnector(connector: Connector, after: AfterCall): Connector {
  return {
    accepts: async (login) => {
      const result = await connector.accepts(login);
      after("login");
      return result;
    },
    session: (login, work) =>
      connector.session(login, async (session) => {
        after("login");
        return work({
          query: async (doing, sql, values) => {
            const rows = await session.query(doing, sql, values);
            after(doing);
            return rows;
          },
        });
      }),
  };
}
