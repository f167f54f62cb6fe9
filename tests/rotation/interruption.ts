import type { Connector } from "../../rotation/database/connection.ts";
import type { Store } from "../../rotation/store.ts";

/** Is told of each call to the outside after it was answered, and may end the process or fail the call. */
export type AfterCall = (call: string) => void;

/** The call, told of. */
export function told<Args extends readonly unknown[], Result>(
  name: string,
  call: (...args: Args) => Promise<Result>,
  after: AfterCall,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const result = await call(...args);
    after(name);
    return result;
  };
}

/** The store, each of its calls told of. */
export function interruptedStore(store: Store, after: AfterCall): Store {
  return {
    describe: told("DescribeSecret", store.describe, after),
    labelled: told("GetSecretValue by label", store.labelled, after),
    written: told("GetSecretValue by version", store.written, after),
    version: told("GetSecretValue by version", store.version, after),
    putPending: told("PutSecretValue", store.putPending, after),
    makeCurrent: told("UpdateSecretVersionStage", store.makeCurrent, after),
  };
}

/** The connector, each login and each statement told of. */
export function interruptedConnector(connector: Connector, after: AfterCall): Connector {
  return {
    accepts: told("login", (login) => connector.accepts(login), after),
    session: (login, work) =>
      connector.session(login, async (session) => {
        after("login");
        return work({
          query: (doing, sql, values) => told(doing, () => session.query(doing, sql, values), after)(),
        });
      }),
  };
}
