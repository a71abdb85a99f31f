/** Sorting of rows by a value that may be missing. */

export type Sorting = { column: string; order: 'ascending' | 'descending' }

/** A sorted copy. Missing values come last in both orders; equal ones keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => number | string | undefined,
  order: Sorting['order'],
): Row[] {
  const sign = order === 'ascending' ? 1 : -1
  return [...rows].sort((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)]
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined)
    if (typeof left === 'number' && typeof right === 'number')
      return left === right ? 0 : sign * (left - right)
    return sign * String(left).localeCompare(String(right), undefined, { numeric: true })
  })
}
