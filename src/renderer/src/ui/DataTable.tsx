/**
 * The table of the studio: sticky header and first column, hairlines, sorting by a column, one row chosen by click or
 * keyboard, only the visible rows in the document however many there are, and a fade where columns go on out of sight.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { classes } from './classes.ts'
import css from './DataTable.module.css'
import { Hint } from './Hint.tsx'
import { sortRows, type Sorting } from './sorting.ts'
import { useHiddenEdges } from './useHiddenEdges.ts'

export type Column<Row> = {
  id: string
  /** What stands in the header. */
  title: ReactNode
  /** Explains the column on hover. */
  hint?: ReactNode
  cell: (row: Row) => ReactNode
  /** What rows are sorted by; a column without it cannot be sorted. `undefined` values come last. */
  sortBy?: (row: Row) => number | string | undefined
  /** The order of the first click. */
  firstOrder?: 'ascending' | 'descending'
  isNumeric?: boolean
  width?: number | string
}

export type DataTableProps<Row> = {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  initialSorting?: Sorting
  selectedKey?: string
  onSelect?: (row: Row) => void
  /** Double click or Enter. */
  onOpen?: (row: Row) => void
  empty?: ReactNode
  /** Fill the height that is left and scroll inside; otherwise the table is as high as its rows. */
  fill?: boolean
}

const overscan = 12

/** The height of a row in px: a value of the design system that follows the density. */
const rowHeight = () =>
  Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'))

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, initialSorting, selectedKey, onSelect, onOpen, empty, fill } = props
  const [sorting, setSorting] = useState<Sorting | undefined>(initialSorting)
  const scroller = useRef<HTMLDivElement>(null)
  const edges = useHiddenEdges(scroller)
  const sorted = useMemo(() => {
    const column = columns.find(({ id }) => id === sorting?.column)
    return column?.sortBy && sorting ? sortRows(rows, column.sortBy, sorting.order) : rows
  }, [rows, columns, sorting])
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing of it is passed to memoised children
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: rowHeight,
    overscan,
    enabled: fill === true,
  })
  const items = fill ? virtual.getVirtualItems() : undefined
  const shown = items ? items.map(({ index }) => sorted[index]) : sorted
  const before = items?.[0]?.start ?? 0
  const after = items && items.length > 0 ? virtual.getTotalSize() - items[items.length - 1].end : 0

  const onKeyDown = (event: KeyboardEvent, row: Row) => {
    if (event.target !== event.currentTarget) return
    if (event.key === 'Enter') (onOpen ?? onSelect)?.(row)
    else if (event.key === ' ') onSelect?.(row)
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const sibling =
        event.key === 'ArrowDown'
          ? event.currentTarget.nextElementSibling
          : event.currentTarget.previousElementSibling
      if (!(sibling instanceof HTMLElement)) return
      sibling.focus()
      const next = sorted[sorted.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)]
      if (next !== undefined) onSelect?.(next)
    } else return
    event.preventDefault()
  }

  return (
    <div
      className={classes(css.frame, fill && css.fill)}
      data-more-left={edges.isLeft || undefined}
      data-more-right={edges.isRight || undefined}
    >
      <div ref={scroller} className={css.scroller} tabIndex={fill ? -1 : undefined}>
        <table className={css.table} aria-label={label} aria-rowcount={sorted.length + 1}>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} sorting={sorting} onSort={setSorting} />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <tr className={css.spacer} aria-hidden style={{ height: before }} />}
            {shown.map((row, index) => {
              const key = rowKey(row)
              const isSelected = key === selectedKey
              return (
                <tr
                  key={key}
                  aria-rowindex={(items?.[index]?.index ?? index) + 2}
                  aria-selected={onSelect ? isSelected : undefined}
                  className={classes(
                    css.row,
                    (onSelect ?? onOpen) && css.isActive,
                    isSelected && css.isSelected,
                  )}
                  tabIndex={onSelect || onOpen ? 0 : undefined}
                  onClick={() => onSelect?.(row)}
                  onDoubleClick={() => onOpen?.(row)}
                  onKeyDown={(event) => onKeyDown(event, row)}
                >
                  {columns.map((column) => (
                    <Cell key={column.id} column={column} row={row} />
                  ))}
                </tr>
              )
            })}
            {after > 0 && <tr className={css.spacer} aria-hidden style={{ height: after }} />}
          </tbody>
        </table>
        {sorted.length === 0 && empty}
      </div>
    </div>
  )
}

/** A cell; words that do not fit are cut off, and whole on hover. */
function Cell<Row>({ column: { cell, isNumeric }, row }: { column: Column<Row>; row: Row }) {
  const content = cell(row)
  return (
    <td
      className={isNumeric ? css.numeric : undefined}
      title={typeof content === 'string' ? content : undefined}
    >
      {content}
    </td>
  )
}

function HeaderCell<Row>(props: {
  column: Column<Row>
  sorting: Sorting | undefined
  onSort(sorting: Sorting): void
}) {
  const { column, sorting, onSort } = props
  const { id, title, hint, sortBy, isNumeric, width, firstOrder = 'ascending' } = column
  const order = sorting?.column === id ? sorting.order : undefined
  const Arrow = order === 'descending' ? ArrowDown : ArrowUp
  const next = order === undefined ? firstOrder : order === 'ascending' ? 'descending' : 'ascending'
  return (
    <th scope="col" style={{ width }} className={isNumeric ? css.numeric : undefined} aria-sort={order}>
      {sortBy ? (
        <Hint label={hint} position="bottom">
          <button type="button" className={css.sort} onClick={() => onSort({ column: id, order: next })}>
            {title}
            {order !== undefined && <Arrow size={12} aria-hidden />}
          </button>
        </Hint>
      ) : (
        <Hint label={hint} position="bottom">
          <span>{title}</span>
        </Hint>
      )}
    </th>
  )
}
