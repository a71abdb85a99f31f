import type { Database } from 'better-sqlite3'

/** One step of the schema. Steps are never edited after a release; a change is a new step. */
export type Migration = { version: number; name: string; up(db: Database): void }
