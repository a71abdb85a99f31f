/** Remembers the hash of files by path, size and time of change, so that gigabytes are not read at every start. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

export type HashCache = {
  /** The hash of the file, when it was hashed before and has not changed since. */
  get(path: string, size: number, modifiedMs: number): string | undefined
  set(path: string, size: number, modifiedMs: number, sha256: string): void
}

const stored = z.record(
  z.string(),
  z.object({ size: z.number(), modifiedMs: z.number(), sha256: z.string() }),
)

/** A cache in a JSON file. A cache that cannot be read or written only costs time, so neither is an error. */
export function createHashFile(file: string): HashCache {
  const entries = new Map(Object.entries(readStored(file)))
  return {
    get(path, size, modifiedMs) {
      const entry = entries.get(path)
      return entry?.size === size && entry.modifiedMs === modifiedMs ? entry.sha256 : undefined
    },
    set(path, size, modifiedMs, sha256) {
      entries.set(path, { size, modifiedMs, sha256 })
      try {
        mkdirSync(dirname(file), { recursive: true })
        const temporary = `${file}.${process.pid}`
        writeFileSync(temporary, JSON.stringify(Object.fromEntries(entries), null, 1))
        renameSync(temporary, file)
      } catch {
        // read-only or full: the hash is worked out again next time
      }
    },
  }
}

function readStored(file: string): z.infer<typeof stored> {
  try {
    return stored.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
