/** Line differences between two texts, as a unified diff that people and `patch` read. */

/** One line of a diff: kept, removed or added. */
export type DiffLine = { kind: 'same' | 'removed' | 'added'; text: string }

/** Above this many cells the changed middle is shown as removed and added as a whole. */
const maxCells = 4_000_000

/** The lines of both texts in order. A longest common subsequence between the common start and end. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

function diffMiddle(before: readonly string[], after: readonly string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text })
  const added = (text: string): DiffLine => ({ kind: 'added', text })
  const width = after.length + 1
  if (before.length === 0 || after.length === 0 || before.length * width > maxCells)
    return [...before.map(removed), ...after.map(added)]
  const lengths = new Uint32Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        before[i] === after[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i++] })
      j++
    } else if (
      j >= after.length ||
      (i < before.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])
    )
      lines.push(removed(before[i++]))
    else lines.push(added(after[j++]))
  }
  return lines
}

/**
 * A unified diff with three lines of context; empty when the texts are equal.
 *
 * @param names file names for the two header lines.
 */
export function unifiedDiff(before: string, after: string, names: { before: string; after: string }): string {
  if (before === after) return ''
  const lines = diffLines(splitKeepingEnds(before), splitKeepingEnds(after))
  const changed = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : [index]))
  const hunks: [from: number, to: number][] = []
  for (const index of changed) {
    const last = hunks.at(-1)
    if (last && index - 3 <= last[1] + 3) last[1] = index
    else hunks.push([index, index])
  }
  const text = [`--- ${names.before}`, `+++ ${names.after}`]
  for (const [first, last] of hunks) {
    const from = Math.max(0, first - 3)
    const part = lines.slice(from, last + 4)
    const oldStart = lines.slice(0, from).filter(({ kind }) => kind !== 'added').length
    const newStart = lines.slice(0, from).filter(({ kind }) => kind !== 'removed').length
    const oldCount = part.filter(({ kind }) => kind !== 'added').length
    const newCount = part.filter(({ kind }) => kind !== 'removed').length
    text.push(`@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@`)
    for (const line of part) {
      const sign = { same: ' ', removed: '-', added: '+' }[line.kind]
      text.push(`${sign}${line.text.replace(/\n$/, '')}`)
      if (!line.text.endsWith('\n')) text.push('\\ No newline at end of file')
    }
  }
  return `${text.join('\n')}\n`
}

const range = (start: number, count: number) =>
  count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`

/** Lines with their ends, so that a changed or missing line end shows up as a difference. */
export function splitKeepingEnds(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
