/**
 * One log of a background scan: reads what is new and packs the result. Runs in a worker thread, where small reads need
 * not be waited for; touches no database.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import { toAppError } from '../../../../shared/errors.ts'
import type { LogInspection } from '../../../../shared/contract/training.ts'
import { summarizeLog } from './inspect.ts'
import { readLog, readLogAtOnce, type ParsedLog } from './readLog.ts'
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
  const facts = factsOf(path)
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
  const before = known ? continuation(path, known, identity) : undefined
  const from = before?.state.offset ?? 0
  const log = readLogAtOnce(path, before) ?? (await readLog(path, { isComplete: false }))
  return pack(log, identity, checkOf(path, log.state.offset), log.state.offset - from)
}

function factsOf(path: string): Stats {
  try {
    return statSync(path)
  } catch (caught) {
    throw toAppError(caught, path)
  }
}

/** The earlier reading, if the file only grew since: same inode, not shorter, the same bytes at both ends of what was read. */
function continuation(
  path: string,
  known: KnownLog,
  now: { size: number; inode: string },
): ParsedLog | undefined {
  if (now.inode !== known.inode) return undefined
  const state = JSON.parse(known.state) as ParserState
  if (now.size < state.offset || checkOf(path, state.offset) !== known.check) return undefined
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
function checkOf(path: string, offset: number): string {
  const file = openSync(path, 'r')
  try {
    const hash = createHash('sha1')
    hash.update(readAt(file, 0, Math.min(checkBytes, offset)))
    hash.update(readAt(file, Math.max(0, offset - checkBytes), Math.min(checkBytes, offset)))
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}

function readAt(file: number, position: number, length: number): Uint8Array {
  const buffer = new Uint8Array(length)
  return buffer.subarray(0, readSync(file, buffer, 0, length, position))
}
