/** The migrations of three versions of an application. */

const users = `-- Up Migration
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL);
INSERT INTO users (email) SELECT 'user' || n || '@example.com' FROM generate_series(1, 100) n;
-- Down Migration
DROP TABLE users;
`;

const names = `-- Up Migration
ALTER TABLE users ADD COLUMN name text NOT NULL DEFAULT '';
-- Down Migration
ALTER TABLE users DROP COLUMN name;
`;

const sessions = `-- Up Migration
CREATE TABLE sessions (id uuid PRIMARY KEY, user_id integer REFERENCES users);
CREATE INDEX sessions_user ON sessions (user_id);
-- Down Migration
DROP TABLE sessions;
`;

export const first = { "0001_users.sql": users };
export const second = { ...first, "0002_names.sql": names, "0003_sessions.sql": sessions };
export const failing = {
  ...second,
  "0004_unique.sql": "ALTER TABLE users ADD COLUMN age int; ALTER TABLE users ADD CHECK (id < 50);",
};
