import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { toAppError } from '../../../../shared/errors.ts'
import { convertedBytes, encodingBytes, encodingOf, plainBytes } from './logBytes.ts'
import type { ParserState, Tables } from './parserState.ts'
import { blockBytes } from './repeatedLines.ts'
import { TrainLogParser } from './trainLogParser.ts'

/** A log as far as it was read. */
export type ParsedLog = { state: ParserState; tables: Tables }

/**
 * Reads a log file, or what was added to it.
 *
 * @param from what an earlier call returned; reading goes on at its `state.offset`, and it is changed in place. Packed and
 *   UTF-16 logs are always read from their beginning.
 * @param options.isComplete true when nothing more will be written: a last line without line end is then read too.
 * @throws AppError when the file cannot be opened or read.
 */
export async function readLog(
  path: string,
  options: { from?: ParsedLog; isComplete: boolean; signal?: AbortSignal },
): Promise<ParsedLog> {
  let parser: TrainLogParser
  try {
    await using file = await open(path, 'r')
    const { buffer } = await file.read(new Uint8Array(encodingBytes), 0, encodingBytes, 0)
    const encoding = encodingOf(buffer)
    parser = new TrainLogParser(encoding === 'utf-8' ? options.from : undefined)
    const pieces =
      encoding === 'utf-8' ? plainBytes(file, parser.state.offset) : convertedBytes(file, encoding)
    for await (const piece of pieces) {
      options.signal?.throwIfAborted()
      parser.push(piece)
    }
  } catch (caught) {
    throw toAppError(caught, path)
  }
  if (options.isComplete) parser.finish()
  return { state: parser.state, tables: parser.tables }
}

/** Filled anew for every log that `readLogAtOnce` reads. */
let block: Uint8Array | undefined

/**
 * The same for a thread that has nothing else to do: it waits for the disk itself, which for small logs takes less time
 * than being told when a read is done. A last line without line end is left.
 *
 * @returns `undefined` for packed and UTF-16 logs.
 * @throws AppError when the file cannot be opened or read.
 */
export function readLogAtOnce(path: string, from?: ParsedLog): ParsedLog | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      const first = new Uint8Array(encodingBytes)
      readSync(file, first, 0, encodingBytes, 0)
      if (encodingOf(first) !== 'utf-8') return undefined
      block ??= new Uint8Array(blockBytes)
      const parser = new TrainLogParser(from)
      for (let position = parser.state.offset; ;) {
        const bytes = readSync(file, block, 0, blockBytes, position)
        if (bytes === 0) return { state: parser.state, tables: parser.tables }
        parser.push(block.subarray(0, bytes))
        position += bytes
      }
    } finally {
      closeSync(file)
    }
  } catch (caught) {
    throw toAppError(caught, path)
  }
}
