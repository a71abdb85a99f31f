import { TrainLogParser } from '../../../../../src/main/core/training/logs/trainLogParser.ts'
import type { ParsedLog } from '../../../../../src/main/core/training/logs/readLog.ts'
import { missing, type MetricTable } from '../../../../../src/main/core/training/logs/metricTable.ts'

/** A record of the program's log at so many seconds after its start. */
export function record(
  seconds: number,
  message: string,
  options: { pid?: number; level?: string } = {},
): string {
  const time = new Date(Date.UTC(2026, 1, 10, 1, 45, 0) + seconds * 1000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')
  return `${time} - ${options.level ?? 'INFO'} - ${message} - (${options.pid ?? 100}:train_csgo.py:1319)\n`
}

/** A step line with Other Info. */
export function stepRecord(
  step: number,
  loss: number | string,
  options: { pid?: number; seconds?: number } = {},
): string {
  const text = `[ Step ${step} ] Loss: ${typeof loss === 'number' ? loss.toFixed(6) : loss} | LR: 1.0000e-04 | Epoch: 0.01 | Other Info: {'total_loss': ${loss}, 'gen_indices': 8}`
  return record(options.seconds ?? step * 10, text, options)
}

/** Parses text, cut into pieces of so many bytes. */
export function parse(text: string | Uint8Array, pieceBytes = Infinity): ParsedLog {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const parser = new TrainLogParser()
  for (let at = 0; at < bytes.length; at += pieceBytes)
    parser.push(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes)))
  parser.finish()
  return { state: parser.state, tables: parser.tables }
}

/** The rows of a table as objects; a key inside Other Info or Timing that the line has too is `info.key`. */
export function rowsOf(table: MetricTable): Record<string, number>[] {
  return Array.from({ length: table.rows }, (_, row) => {
    const values: Record<string, number> = {}
    for (const { name, section, cells } of table.columns.toSorted(
      (a, b) => Number(a.section !== 'line') - Number(b.section !== 'line'),
    )) {
      if (cells[row] !== missing) values[name in values ? `${section}.${name}` : name] = cells[row]!
    }
    return values
  })
}

/** A small generator, so that failures can be repeated. */
export function randomNumbers(seed: number): () => number {
  return () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
}
