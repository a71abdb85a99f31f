/**
 * Files that are being written. A clip is written beside its place under a hidden name and renamed when it is whole;
 * the name says who writes it, so that what a killed process left can be told from what another one is writing.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isProcessAlive, processStart } from '../jobs/owner.ts'

/** Folders may be shared between machines, whose process numbers say nothing here. */
const thisMachine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const partName = /^\..+\.([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{8}\.part$/
/** Of other machines only the clock tells, and it may differ from ours by some minutes. */
const abandonedAfterMs = 15 * 60_000

/** A name for `file` while it is written: `.<name>.<machine>-<pid>-<start>-<random>.part` in the same folder. */
export function partOf(file: string): string {
  const writer = `${thisMachine}-${process.pid}-${processStart(process.pid)}`
  return join(dirname(file), `.${basename(file)}.${writer}-${randomUUID().slice(0, 8)}.part`)
}

/** Removes what processes that are gone have left half-written in a folder. */
export async function clearAbandonedParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, machine, pid, start] = partName.exec(name) ?? []
    if (machine === undefined) continue
    const path = join(folder, name)
    const isAbandoned = machine === thisMachine ? !isProcessAlive(Number(pid), start) : await isOld(path)
    // Its ffmpeg may still hold it for a moment, which matters on Windows alone; the next start clears it.
    if (isAbandoned) await rm(path, { force: true }).catch(() => {})
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > abandonedAfterMs
}
