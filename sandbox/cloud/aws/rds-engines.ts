/** Default port and name of the master user by engine. */
export const ENGINES: Readonly<Record<string, { port: number; username: string }>> = {
  postgres: { port: 5432, username: "postgres" },
  mysql: { port: 3306, username: "admin" },
  mariadb: { port: 3306, username: "admin" },
  "sqlserver-ex": { port: 1433, username: "admin" },
  "sqlserver-web": { port: 1433, username: "admin" },
  "sqlserver-se": { port: 1433, username: "admin" },
  "sqlserver-ee": { port: 1433, username: "admin" },
  "oracle-se2": { port: 1521, username: "admin" },
  "oracle-ee": { port: 1521, username: "admin" },
};

/** The minor version RDS picks for a major one. Source: RDS for PostgreSQL release calendar. */
export const POSTGRES_MINORS: Readonly<Record<string, string>> = {
  "13": "13.22",
  "14": "14.19",
  "15": "15.14",
  "16": "16.10",
  "17": "17.6",
};
