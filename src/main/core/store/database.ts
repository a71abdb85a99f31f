/**
 * Opens the studio's SQLite database. Only `store/` and the repositories know SQL; everything else works with the
 * records they return.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'

export type Db = Database.Database

/**
 * Opens (or creates) the database file, in WAL mode with foreign keys on, and brings it to the newest version.
 * Before the first migration of an existing file a copy is kept beside it as `<file>.before-v<new version>`.
 *
 * @param file absolute path, or `:memory:`.
 * @param steps the migrations to apply; tests pass a shorter list to build an older database.
 * @throws AppError `conflict` when the file was written by a newer version of the studio.
 */
export function openDatabase(file: string, steps: readonly Migration[] = migrations): Db {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const isNew = file === ':memory:' || !existsSync(file)
  const db = new Database(file, { timeout: 15_000 })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.pragma('foreign_keys = ON')
  migrate(db, file, isNew, steps)
  return db
}

/** The version of an open database: the number of its newest migration, 0 when empty. */
export function databaseVersion(db: Db): number {
  return db.pragma('user_version', { simple: true }) as number
}

function migrate(db: Db, file: string, isNew: boolean, steps: readonly Migration[]): void {
  const newest = steps.at(-1)?.version ?? 0
  const current = databaseVersion(db)
  if (current > newest) {
    db.close()
    throw new AppError('conflict', `The database ${file} was written by a newer version of Parallax.`, {
      hint: 'Update Parallax, or set PARALLAX_HOME to another folder.',
      details: { databaseVersion: current, knownVersion: newest },
    })
  }
  if (current === newest) return
  if (!isNew && current > 0) {
    db.pragma('wal_checkpoint(TRUNCATE)')
    copyFileSync(file, `${file}.before-v${newest}`)
  }
  // One exclusive transaction: a second process that opens the same file waits, then finds nothing left to do.
  db.transaction(() => {
    for (const step of steps.filter(({ version }) => version > databaseVersion(db))) {
      step.up(db)
      db.pragma(`user_version = ${step.version}`)
    }
  }).exclusive()
}
