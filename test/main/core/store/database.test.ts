import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { databaseVersion, openDatabase } from '../../../../src/main/core/store/database.ts'
import { migrations } from '../../../../src/main/core/store/migrations/index.ts'
import { temporaryFolder } from '../../../support/frames.ts'

describe('the database', () => {
  it('opens at the newest version, in WAL mode, with foreign keys on', () => {
    const db = openDatabase(join(temporaryFolder(), 'parallax.db'))
    expect(databaseVersion(db)).toBe(migrations.at(-1)!.version)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
    db.close()
  })

  it('numbers its migrations without gaps in ascending order', () => {
    const versions = migrations.map(({ version }) => version)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(new Set(versions).size).toBe(versions.length)
  })

  it('keeps a copy of the file before it migrates an older one', () => {
    const file = join(temporaryFolder(), 'parallax.db')
    const old = openDatabase(file, migrations.slice(0, 1))
    old.prepare("INSERT INTO workspaces (root, opened_at) VALUES ('/w', 1)").run()
    old.close()
    const next = {
      version: 999,
      name: 'later',
      up: (db: Database.Database) => db.exec('CREATE TABLE later (x)'),
    }
    const db = openDatabase(file, [...migrations.slice(0, 1), next])
    expect(db.prepare('SELECT root FROM workspaces').all()).toEqual([{ root: '/w' }])
    const copy = new Database(`${file}.before-v999`)
    expect(copy.prepare('SELECT root FROM workspaces').all()).toEqual([{ root: '/w' }])
    expect(databaseVersion(copy)).toBe(migrations[0].version)
    copy.close()
    db.close()
  })

  it('leaves the old file as it was when a migration fails', () => {
    const file = join(temporaryFolder(), 'parallax.db')
    openDatabase(file, migrations.slice(0, 1)).close()
    const broken = {
      version: 999,
      name: 'broken',
      up: (db: Database.Database) => void db.exec('CREATE TABLE half (x); CREATE TABLE half (x)'),
    }
    expect(() => openDatabase(file, [...migrations.slice(0, 1), broken])).toThrow(/already exists/)
    const db = new Database(file)
    expect(databaseVersion(db)).toBe(migrations[0].version)
    expect(db.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all()).toEqual([])
    db.close()
  })

  it('refuses a file of a newer version by saying so', () => {
    const file = join(temporaryFolder(), 'parallax.db')
    const db = openDatabase(file)
    db.pragma('user_version = 100000')
    db.close()
    expect(() => openDatabase(file)).toThrow(/newer version of Parallax/)
    expect(existsSync(`${file}.before-v100000`)).toBe(false)
  })

  it('finds the scores of a run by index, not by reading every row', () => {
    const db = openDatabase(':memory:')
    const plan = (sql: string) =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => (row as { detail: string }).detail)
        .join()
    expect(
      plan("SELECT value FROM frame_scores WHERE run_id = 'a' AND quantity = 'mse' ORDER BY frame_index"),
    ).toMatch(/SEARCH .* PRIMARY KEY/)
    expect(plan("SELECT * FROM benchmark_runs WHERE recipe_hash = 'h' ORDER BY created_at DESC")).toContain(
      'benchmark_runs_by_recipe',
    )
    expect(plan("SELECT * FROM jobs WHERE status IN ('queued', 'running') ORDER BY created_at")).toContain(
      'jobs_by_status',
    )
    db.close()
  })
})
