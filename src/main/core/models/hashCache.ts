/** Remembers the hash of files by path, size and time of change, so that gigabytes are not read at every start. */
import type { Db } from '../store/database.ts'

export type HashCache = {
  /** The hash of the file, when it was hashed before and has not changed since. */
  get(path: string, size: number, modifiedMs: number): string | undefined
  set(path: string, size: number, modifiedMs: number, sha256: string): void
}

/** Hashes in the `model_files` table. */
export function hashesInDatabase(db: Db): HashCache {
  const select = db.prepare<[string, number, number], { sha256: string }>(
    'SELECT sha256 FROM model_files WHERE path = ? AND size = ? AND modified_at = ?',
  )
  const insert = db.prepare(
    'INSERT OR REPLACE INTO model_files (path, size, modified_at, sha256) VALUES (?, ?, ?, ?)',
  )
  return {
    get: (path, size, modifiedMs) => select.get(path, size, modifiedMs)?.sha256,
    set: (path, size, modifiedMs, sha256) => void insert.run(path, size, modifiedMs, sha256),
  }
}

/** Hashes for as long as the program runs. */
export function hashesInMemory(): HashCache {
  const known = new Map<string, string>()
  const keyOf = (path: string, size: number, modifiedMs: number) => `${size}:${modifiedMs}:${path}`
  return {
    get: (path, size, modifiedMs) => known.get(keyOf(path, size, modifiedMs)),
    set: (path, size, modifiedMs, sha256) => void known.set(keyOf(path, size, modifiedMs), sha256),
  }
}
