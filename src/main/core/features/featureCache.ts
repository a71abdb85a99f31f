/**
 * Network features of files, kept on disk by content: ground truth is embedded once and reused for every later
 * checkpoint, and an interrupted run finds what it had. A database of its own, because it may be deleted at any time.
 */
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'

/** Identifies a file's bytes without reading them again, as long as size and time of change are the same. */
export type FileStamp = { size: number; modifiedMs: number; sha256: string }

export type FeatureCache = ReturnType<typeof openFeatureCache>

/** The key of a feature vector: content, network with weights and provider, and preprocessing. */
export function featureKey(sha256: string, network: string, preprocessing: string): Buffer {
  return createHash('sha256').update(`${sha256}|${network}|${preprocessing}`).digest().subarray(0, 16)
}

/** Opens or creates the cache. Writes are collected and stored by `flush`. */
export function openFeatureCache(file: string) {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const db = new Database(file, { timeout: 15_000 })
  db.pragma('journal_mode = WAL')
  // A lost cache entry after a power cut costs a second look at one picture.
  db.pragma('synchronous = OFF')
  db.exec(`
    CREATE TABLE IF NOT EXISTS features (key BLOB PRIMARY KEY, data BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS stamps (
      path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified_ms REAL NOT NULL, sha256 TEXT NOT NULL
    ) WITHOUT ROWID;
  `)
  const select = db.prepare<[Buffer], { data: Buffer }>('SELECT data FROM features WHERE key = ?')
  const exists = db.prepare<[Buffer], { one: number }>('SELECT 1 AS one FROM features WHERE key = ?')
  const insert = db.prepare('INSERT OR REPLACE INTO features (key, data) VALUES (?, ?)')
  const selectStamp = db.prepare<[string], { size: number; modified_ms: number; sha256: string }>(
    'SELECT size, modified_ms, sha256 FROM stamps WHERE path = ?',
  )
  const insertStamp = db.prepare(
    'INSERT OR REPLACE INTO stamps (path, size, modified_ms, sha256) VALUES (?, ?, ?, ?)',
  )
  const pendingFeatures = new Map<string, { key: Buffer; data: Float32Array }>()
  const pendingStamps = new Map<string, FileStamp>()

  const write = db.transaction(() => {
    for (const { key, data } of pendingFeatures.values()) {
      insert.run(key, Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    }
    for (const [path, { size, modifiedMs, sha256 }] of pendingStamps)
      insertStamp.run(path, size, modifiedMs, sha256)
  })
  const flush = () => {
    if (pendingFeatures.size + pendingStamps.size === 0) return
    write.immediate()
    pendingFeatures.clear()
    pendingStamps.clear()
  }

  return {
    /** Where the cache lies, for a worker thread that opens it too. */
    file,
    has: (key: Buffer) => pendingFeatures.has(key.toString('latin1')) || exists.get(key) !== undefined,
    get(key: Buffer): Float32Array | undefined {
      const pending = pendingFeatures.get(key.toString('latin1'))
      if (pending) return pending.data
      const row = select.get(key)
      // Copied, because the row's buffer need not be aligned to four bytes.
      return row && new Float32Array(new Uint8Array(row.data).buffer)
    },
    put(key: Buffer, data: Float32Array): void {
      pendingFeatures.set(key.toString('latin1'), { key, data })
      if (pendingFeatures.size >= 256) flush()
    },
    /** The hash of a file's content when its size and time of change are as remembered. */
    knownHash(path: string, size: number, modifiedMs: number): string | undefined {
      const pending = pendingStamps.get(path)
      const stamp = pending ?? toStamp(selectStamp.get(path))
      return stamp && stamp.size === size && stamp.modifiedMs === modifiedMs ? stamp.sha256 : undefined
    },
    rememberHash: (path: string, stamp: FileStamp) => void pendingStamps.set(path, stamp),
    flush,
    close(): void {
      try {
        flush()
      } catch {
        // What is lost can be computed again; a full disk has been told by what filled it.
      } finally {
        db.close()
      }
    },
  }
}

const toStamp = (
  row: { size: number; modified_ms: number; sha256: string } | undefined,
): FileStamp | undefined => row && { size: row.size, modifiedMs: row.modified_ms, sha256: row.sha256 }
