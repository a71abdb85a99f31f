import { open } from 'node:fs/promises'
import { toAppError } from '../../../../shared/errors.ts'
import type { ParserState, Tables } from './parserState.ts'
import { TrainLogParser } from './trainLogParser.ts'

const chunkBytes = 1024 * 1024

/** A log as far as it was read. */
export type ParsedLog = { state: ParserState; tables: Tables }

/**
 * Reads a log file, or what was added to it.
 *
 * @param from what an earlier call returned; reading goes on at its `state.offset`, and it is changed in place.
 * @param options.isComplete true when nothing more will be written: a last line without line end is then read too.
 * @throws AppError when the file cannot be opened or read.
 */
export async function readLog(
  path: string,
  options: { from?: ParsedLog; isComplete: boolean; signal?: AbortSignal },
): Promise<ParsedLog> {
  const parser = new TrainLogParser(options.from)
  try {
    await using file = await open(path, 'r')
    // Two buffers take turns: the disk fills one while the other is read.
    const [first, second] = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)]
    let position = parser.state.offset
    let reading = file.read(first, 0, chunkBytes, position)
    for (;;) {
      options.signal?.throwIfAborted()
      const { bytesRead, buffer } = await reading
      if (bytesRead === 0) break
      position += bytesRead
      reading = file.read(buffer === first ? second : first, 0, chunkBytes, position)
      parser.push(buffer.subarray(0, bytesRead))
    }
  } catch (caught) {
    throw toAppError(caught, path)
  }
  if (options.isComplete) parser.finish()
  return { state: parser.state, tables: parser.tables }
}
