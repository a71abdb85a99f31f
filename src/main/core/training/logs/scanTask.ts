/** One log of a background scan: reads what is new and packs the result. Runs in a worker thread; touches no database. */
import { createHash } from 'node:crypto'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { toAppError } from '../../../../shared/errors.ts'
import type { LogInspection } from '../../../../shared/contract/training.ts'
import { summarizeLog } from './inspect.ts'
import { readLog, type ParsedLog } from './readLog.ts'
import { decodeTables, encodeTables } from './tableCodec.ts'
import { readTrainerState } from './trainerState.ts'
import type { ParserState } from './parserState.ts'

/** What is known of a log from the scan before. */
export type KnownLog = {
  size: number
  modifiedMs: number
  inode: string
  check: string
  state: string
  tables: Uint8Array
}
export type ScanTask = { path: string; known: KnownLog | null }
/** `null`: the file is as it was. */
export type ScanResult = (KnownLog & { summary: LogInspection; readBytes: number }) | null

const checkBytes = 1024

/**
 * @throws AppError when the file cannot be read.
 */
export async function runScanTask({ path, known }: ScanTask): Promise<ScanResult> {
  const facts = await stat(path).catch((caught: unknown) => {
    throw toAppError(caught, path)
  })
  const identity = { size: facts.size, modifiedMs: facts.mtimeMs, inode: String(facts.ino) }
  if (
    known &&
    known.size === identity.size &&
    known.modifiedMs === identity.modifiedMs &&
    known.inode === identity.inode
  )
    return null
  if (path.endsWith('.json')) {
    const { log } = await readTrainerState(path)
    return pack(log, identity, '', facts.size)
  }
  const before = known ? await continuation(path, known, identity) : undefined
  const from = before?.state.offset ?? 0
  const log = await readLog(path, { from: before, isComplete: false })
  return pack(log, identity, await checkOf(path, log.state.offset), log.state.offset - from)
}

/** The earlier reading, if the file only grew since: same inode, not shorter, the same bytes at both ends of what was read. */
async function continuation(
  path: string,
  known: KnownLog,
  now: { size: number; inode: string },
): Promise<ParsedLog | undefined> {
  if (now.inode !== known.inode) return undefined
  const state = JSON.parse(known.state) as ParserState
  if (now.size < state.offset || (await checkOf(path, state.offset)) !== known.check) return undefined
  try {
    return { state, tables: decodeTables(known.tables) }
  } catch {
    return undefined
  }
}

function pack(
  log: ParsedLog,
  identity: { size: number; modifiedMs: number; inode: string },
  check: string,
  readBytes: number,
) {
  return {
    ...identity,
    check,
    state: JSON.stringify(log.state),
    tables: encodeTables(log.tables),
    summary: summarizeLog(log, identity.size),
    readBytes,
  }
}

/** Hash of the first and the last kilobyte before `offset`: changes when the file was replaced or rewritten. */
async function checkOf(path: string, offset: number): Promise<string> {
  await using file = await open(path, 'r')
  const hash = createHash('sha1')
  hash.update(await readAt(file, 0, Math.min(checkBytes, offset)))
  hash.update(await readAt(file, Math.max(0, offset - checkBytes), Math.min(checkBytes, offset)))
  return hash.digest('hex')
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
