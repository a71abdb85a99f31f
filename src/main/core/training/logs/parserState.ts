/** What the log parser knows between two chunks. The state is plain JSON; the tables are packed by `encodeTables`. */
import type { LogFacts } from './facts.ts'
import { MetricTable, tableKinds, type TableKind } from './metricTable.ts'
import type { ProgressBar } from './tqdm.ts'

/** A message logged at WARNING or above, with how often and where it came first. */
export type LogWarning = { level: string; text: string; count: number; line: number }

/** Everything the parser knows apart from the tables. JSON; times are seconds, see `MetricTable`. */
export type ParserState = {
  /** `readerVersion` of the program that wrote it. */
  version: number
  /** Bytes read up to the end of the last whole line. */
  offset: number
  /** Line ends seen. */
  lines: number
  records: number
  firstTime: number | null
  lastTime: number | null
  /** Records per process, in order of appearance. */
  pids: { pid: number; records: number }[]
  warnings: LogWarning[]
  facts: LogFacts
  progress: ProgressBar | null
  /** The block that a line without head belongs to. */
  block: 'none' | 'training-args' | 'callbacks'
  /** A console row that still waits for the bar that names its step. */
  pendingConsoleRow: number | null
  clock: { backwards: number; line: number; seconds: number } | null
  binaryLines: { count: number; line: number } | null
  tracebacks: { count: number; line: number } | null
  /** Step lines with neither Loss nor LR, which the trainer writes when it is done. */
  endLines: number[]
  hasCutLine: boolean
}

/** Grows when a log must be read again because this program finds more in it, or something else, than the one before. */
export const readerVersion = 3

/** A state that has read nothing. */
export function newParserState(): ParserState {
  return {
    version: readerVersion,
    offset: 0,
    lines: 0,
    records: 0,
    firstTime: null,
    lastTime: null,
    pids: [],
    warnings: [],
    facts: {},
    progress: null,
    block: 'none',
    pendingConsoleRow: null,
    clock: null,
    binaryLines: null,
    tracebacks: null,
    endLines: [],
    hasCutLine: false,
  }
}

export type Tables = Record<TableKind, MetricTable>

/** Empty tables, one per kind of line. */
export function newTables(): Tables {
  return Object.fromEntries(tableKinds.map((kind) => [kind, new MetricTable(kind)])) as Tables
}
