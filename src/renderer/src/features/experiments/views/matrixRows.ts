/** Which settings of the matrix are shown. */
import type { ConfigMatrix } from '../../../../../shared/contract/experiments.ts'

export type ShownRow = { row: ConfigMatrix['rows'][number]; index: number }

/**
 * Rows with their place in the matrix.
 *
 * @param show.onlyDifferent leaves out settings that every column with a value gives the same value.
 * @param show.withCommand keeps settings that live on the command line.
 */
export function shownRows(
  { rows, columns }: ConfigMatrix,
  show: { text: string; onlyDifferent: boolean; withCommand: boolean },
): ShownRow[] {
  // Columns without a command, or whose config could not be read, say nothing about the values there.
  const hasCommand = columns.map((_, at) =>
    rows.some(({ source, cells }) => source === 'command' && cells[at] !== null),
  )
  const wanted = show.text.trim().toLowerCase()
  return rows
    .map((row, index) => ({ row, index }))
    .filter(({ row }) => {
      if (!show.withCommand && row.source === 'command') return false
      const isFound =
        row.key.toLowerCase().includes(wanted) || row.cells.some((cell) => cell?.toLowerCase() === wanted)
      if (wanted !== '' && !isFound) return false
      if (!show.onlyDifferent) return true
      const known = row.cells.filter((_, at) =>
        row.source === 'command' ? hasCommand[at] : columns[at].reason === null,
      )
      return new Set(known).size > 1
    })
}
