/** The password file, `~/.pgpass` or PGPASSFILE. The package has no types of its own. */
declare module 'pgpass' {
  export default function pgpass(
    connection: { host: string; port: number; database: string; user: string },
    answer: (password: string | undefined) => void,
  ): void
}
