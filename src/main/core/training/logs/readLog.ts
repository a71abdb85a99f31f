import { open } from 'node:fs/promises'
import { toAppError } from '../../../../shared/errors.ts'
import { convertedBytes, encodingOf, plainBytes } from './logBytes.ts'
import type { ParserState, Tables } from './parserState.ts'
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
    const encoding = await encodingOf(file)
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
