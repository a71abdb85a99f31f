/** Files of unknown origin that the user imported: which model each one is, and its hash at that time. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { modelIds } from './manifest.ts'

const listName = 'imported.json'
const importList = z.array(z.object({ name: z.string(), model: z.enum(modelIds), sha256: z.string() }))

/** An imported file with its absolute path. */
export type ImportRecord = { path: string; model: (typeof modelIds)[number]; sha256: string }

/** The imports of a model folder; empty when there is no list or it cannot be read. */
export function readImports(modelFolder: string): ImportRecord[] {
  return readList(modelFolder).map(({ name, ...record }) => ({ ...record, path: join(modelFolder, name) }))
}

/** Adds a file of the model folder to the list, replacing an earlier entry of the same name. */
export function addImport(modelFolder: string, entry: z.infer<typeof importList>[number]): void {
  const list = readList(modelFolder).filter(({ name }) => name !== entry.name)
  const path = join(modelFolder, listName)
  writeFileSync(`${path}.${process.pid}`, JSON.stringify([...list, entry], null, 1))
  renameSync(`${path}.${process.pid}`, path)
}

function readList(modelFolder: string): z.infer<typeof importList> {
  try {
    return importList.parse(JSON.parse(readFileSync(join(modelFolder, listName), 'utf8')))
  } catch {
    return []
  }
}
