import pg from "pg";

/** What a database holds, in so few bytes that two of them can be compared. */
export interface Fingerprint {
  /** By `schema.table`: rows, and a sum over what stands in them. */
  tables: Readonly<Record<string, string>>;
  /** By `schema.sequence`: where it stands. */
  sequences: Readonly<Record<string, string>>;
  /** How many indexes, constraints, views, functions and triggers. */
  objects: Readonly<Record<string, string>>;
}

const OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'`;
/** An extension brings its own; the bootstrap has its version already. */
const NOT_OF_EXTENSIONS = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

/** Reads every row once. */
export async function fingerprint(client: pg.Client): Promise<Fingerprint> {
  // What the text of a value depends on.
  await client.query(
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET bytea_output = 'hex'; SET extra_float_digits = 1",
  );
  const list = async (kinds: string): Promise<{ name: string; id: string }[]> =>
    (
      await client.query<{ schema: string; relation: string }>(
        `SELECT n.nspname AS schema, c.relname AS relation FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN (${kinds}) AND NOT c.relispartition AND ${OURS} AND ${NOT_OF_EXTENSIONS("pg_class", "c.oid")} ORDER BY 1, 2`,
      )
    ).rows.map(({ schema, relation }) => ({
      name: `${schema}.${relation}`,
      id: `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(relation)}`,
    }));
  const text = async (sql: string): Promise<string> =>
    (await client.query<{ text: string }>(sql)).rows[0]?.text ?? "";
  const tables: Record<string, string> = {};
  for (const { name, id } of await list("'r', 'p', 'm'"))
    tables[name] = await text(
      `SELECT count(*) || ' rows, ' || coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint::numeric), 0) AS text FROM ${id} t`,
    );
  const sequences: Record<string, string> = {};
  for (const { name, id } of await list("'S'"))
    sequences[name] = await text(
      `SELECT last_value || CASE WHEN is_called THEN ' used' ELSE ' unused' END AS text FROM ${id}`,
    );
  const objects: Record<string, string> = {};
  for (const [kind, catalog, oid, namespace] of [
    ["indexes", "pg_class", "o.oid", "o.relnamespace"],
    ["views", "pg_class", "o.oid", "o.relnamespace"],
    ["constraints", "pg_constraint", "o.oid", "o.connamespace"],
    ["functions", "pg_proc", "o.oid", "o.pronamespace"],
  ] as const) {
    const only = {
      indexes: "o.relkind IN ('i', 'I')",
      views: "o.relkind = 'v'",
      constraints: "o.contype <> 'n'",
      functions: "true",
    };
    objects[kind] = await text(
      `SELECT count(*)::text AS text FROM ${catalog} o JOIN pg_namespace n ON n.oid = ${namespace}
        WHERE ${only[kind]} AND ${OURS} AND ${NOT_OF_EXTENSIONS(catalog, oid)}`,
    );
  }
  objects["triggers"] = await text("SELECT count(*)::text AS text FROM pg_trigger WHERE NOT tgisinternal");
  return { tables, sequences, objects };
}

/** Where two databases differ: each a sentence. */
export function differences(was: Fingerprint, is: Fingerprint): string[] {
  return (["tables", "sequences", "objects"] as const).flatMap((group) =>
    [...new Set([...Object.keys(was[group]), ...Object.keys(is[group])])].sort().flatMap((name) => {
      const [before, after] = [was[group][name], is[group][name]];
      return before === after ? [] : [`${name}: ${after ?? "none"}, at the source ${before ?? "none"}`];
    }),
  );
}

/** Whether there is nothing in it. */
export const isEmpty = ({ tables }: Fingerprint): boolean => Object.keys(tables).length === 0;
