import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import type { Clip, StoredClip, VideoLayout } from '../../../shared/contract/videos.ts'
import type { Db } from '../store/database.ts'

type ClipRow = {
  id: string
  identity: string
  file: string
  layout: VideoLayout
  track: string
  settings: string
  clip: string
  bytes: number
  modified_at: number
  created_at: number
}

/** A clip to remember. `modifiedAt` is the file's, in milliseconds: a file that was changed since is not ours. */
export type ClipRecord = {
  identity: string
  layout: VideoLayout
  track: StoredClip['track']
  settings: Record<string, unknown>
  clip: Clip
  modifiedAt: number
}

/** A clip as it was remembered. */
export type RememberedClip = Omit<ClipRecord, 'identity'> & { id: string; createdAt: number }

/** Reads and writes the `clips` table. */
export type ClipsRepository = ReturnType<typeof clipsRepository>

export function clipsRepository(db: Db) {
  const upsert = db.prepare(
    `INSERT INTO clips (id, identity, file, layout, track, settings, clip, bytes, modified_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (file) DO UPDATE SET identity = excluded.identity, layout = excluded.layout, track = excluded.track,
       settings = excluded.settings, clip = excluded.clip, bytes = excluded.bytes,
       modified_at = excluded.modified_at, created_at = excluded.created_at`,
  )
  const byIdentity = db.prepare<[string], ClipRow>(
    'SELECT * FROM clips WHERE identity = ? ORDER BY created_at DESC',
  )
  const newest = db.prepare<[number], ClipRow>(
    'SELECT * FROM clips ORDER BY created_at DESC, rowid DESC LIMIT ?',
  )
  const byFile = db.prepare<[string], ClipRow>('SELECT * FROM clips WHERE file = ?')
  const files = db.prepare<[], { file: string }>('SELECT file FROM clips')

  return {
    /** Remembers a clip; an earlier one in the same file is forgotten. */
    save: ({ identity, layout, track, settings, clip, modifiedAt }: ClipRecord): void =>
      void upsert.run(
        randomUUID(),
        identity,
        clip.file,
        layout,
        JSON.stringify(track),
        JSON.stringify(settings),
        JSON.stringify(clip),
        clip.bytes,
        modifiedAt,
        Date.now(),
      ),
    /** Clips made from the same inputs and settings, newest first. */
    withIdentity: (identity: string): RememberedClip[] => byIdentity.all(identity).map(toClip),
    /** The clip that was written to a file. */
    ofFile: (file: string): RememberedClip | undefined => {
      const row = byFile.get(file)
      return row && toClip(row)
    },
    /** Folders that clips were written to, for those who may show files. */
    folders: (): string[] => [...new Set(files.all().map(({ file }) => dirname(file)))],
    list: (limit: number): RememberedClip[] => newest.all(limit).map(toClip),
  }
}

function toClip(row: ClipRow): RememberedClip {
  return {
    id: row.id,
    layout: row.layout,
    track: JSON.parse(row.track) as StoredClip['track'],
    settings: JSON.parse(row.settings) as Record<string, unknown>,
    clip: JSON.parse(row.clip) as Clip,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  }
}
