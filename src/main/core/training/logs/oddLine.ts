/** Lines that are not simply one record: coloured, damaged, labelled by a launcher, or glued together by two writers. */
import { readHead } from './recordLine.ts'

/** A record's head is no shorter; what is left over between damage and is shorter holds nothing. */
const leastPieceBytes = 26
// Escape sequences are control characters.
// eslint-disable-next-line no-control-regex
const colors = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))/g
/** `[rank0]:` (torch), `[default0]:` (torchrun), `0: ` (srun --label), `[1,0]<stdout>:` (mpirun). */
const labels = /^(?:\[(?:rank|default)\d+\]: ?|\d{1,4}: |\[\d+,\d+\](?:<std(?:out|err)>)?: ?)/
const longestLabel = 32

/** A stretch of an odd line. `isWhole` is false where more of it was lost or never written. */
export type LinePiece = { start: number; end: number; isWhole: boolean }

/** The bytes of a line without terminal colours and titles; the line itself when it has none. */
export function withoutColors(line: Buffer): Buffer {
  if (!line.includes(27)) return line
  // Latin-1 keeps one character per byte.
  return Buffer.from(line.toString('latin1').replace(colors, ''), 'latin1')
}

/** Index after a label that a launcher puts before every line of a rank; `start` when there is none. */
export function afterLabel(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start]!
  if (first !== 91 && !(first >= 48 && first <= 57)) return start
  const text = bytes.toString('latin1', start, Math.min(end, start + longestLabel))
  return start + (labels.exec(text)?.[0].length ?? 0)
}

/** The pieces of a line between NUL bytes and heads of records, in order. */
export function* piecesOf(line: Buffer): Generator<LinePiece> {
  let start = 0
  while (start < line.length) {
    const nul = line.indexOf(0, start)
    const end = nul < 0 ? line.length : nul
    const isDamaged = nul >= 0 || start > 0
    if (!isDamaged || end - start >= leastPieceBytes) yield* betweenHeads(line, start, end, nul < 0)
    start = end + 1
  }
}

function* betweenHeads(line: Buffer, from: number, end: number, isWhole: boolean): Generator<LinePiece> {
  let start = from
  let look = from + 1
  for (;;) {
    const mark = line.indexOf(' - INFO - ', look)
    if (mark < 0 || mark >= end) break
    look = mark + 1
    const head = headBefore(line, mark, start + 1, end)
    if (head < 0) continue
    yield { start, end: head, isWhole: false }
    start = head
  }
  yield { start, end, isWhole }
}

/** Where the head begins whose level stands at `mark`, with or without milliseconds; -1 when there is none. */
function headBefore(line: Buffer, mark: number, least: number, end: number): number {
  for (const length of [19, 23, 26]) {
    const at = mark - length
    if (at >= least && readHead(line, at, end)) return at
  }
  return -1
}
