/** Intervals for shares of votes. */

const z95 = 1.959963984540054

/**
 * Wilson's 95 % score interval of a share (Wilson 1927): stays inside 0..1 and is honest for few votes.
 *
 * @param wins may be fractional (a tie counts half); 0..n.
 * @returns share and bounds; `undefined` without votes.
 */
export function wilsonInterval(
  wins: number,
  n: number,
): { share: number; low: number; high: number } | undefined {
  if (n <= 0) return undefined
  const share = wins / n
  const spread = z95 * z95
  const centre = (share + spread / (2 * n)) / (1 + spread / n)
  const half = (z95 / (1 + spread / n)) * Math.sqrt((share * (1 - share)) / n + spread / (4 * n * n))
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** One candidate of a ranking: log strength (mean of all is 0) with its 95 % interval. */
export type Strength = { log: number; low: number; high: number }

/**
 * Bradley and Terry's model (1952) by Hunter's MM iteration (2004), ties counted half to each side. Half a virtual
 * vote each way is added to every pair that met, so that a candidate that never lost keeps a finite strength; the
 * intervals come from the Fisher information at the estimate.
 *
 * @param wins `wins[i][j]`: votes for `i` against `j`, at least two candidates.
 * @returns one strength per candidate, `undefined` where it met nobody.
 */
export function bradleyTerry(wins: readonly (readonly number[])[]): (Strength | undefined)[] {
  const size = wins.length
  const met = (i: number, j: number) => i !== j && wins[i][j] + wins[j][i] > 0
  const won = (i: number, j: number) => (met(i, j) ? wins[i][j] + 0.5 : 0)
  const active = wins.map((_, i) => wins.some((__, j) => met(i, j)))
  const strength = wins.map(() => 1)
  for (let round = 0; round < 2000; round++) {
    let change = 0
    for (let i = 0; i < size; i++) {
      if (!active[i]) continue
      let total = 0
      let weight = 0
      for (let j = 0; j < size; j++) {
        if (!met(i, j)) continue
        total += won(i, j)
        weight += (won(i, j) + won(j, i)) / (strength[i] + strength[j])
      }
      const next = total / weight
      change = Math.max(change, Math.abs(Math.log(next / strength[i])))
      strength[i] = next
    }
    if (change < 1e-10) break
  }
  const members = wins.map((_, i) => i).filter((i) => active[i])
  const logs = members.map((i) => Math.log(strength[i]))
  const mean = logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length)
  const variances = varianceOf(members, strength, won)
  return wins.map((_, i) => {
    const at = members.indexOf(i)
    if (at < 0) return undefined
    const half = z95 * Math.sqrt(Math.max(0, variances[at]))
    const log = logs[at] - mean
    return { log, low: log - half, high: log + half }
  })
}

/** Diagonal of the inverse information with the sum of log strengths held at 0. */
function varianceOf(
  members: readonly number[],
  strength: readonly number[],
  won: (i: number, j: number) => number,
): number[] {
  const n = members.length
  const information = members.map((i, row) =>
    members.map((j, column) => {
      const cell = (a: number, b: number) =>
        ((won(a, b) + won(b, a)) * strength[a] * strength[b]) / (strength[a] + strength[b]) ** 2
      const value =
        row === column
          ? members.reduce((sum, other) => (other === i ? sum : sum + cell(i, other)), 0)
          : -cell(i, j)
      // Adding 1/n everywhere makes the singular matrix invertible; what it adds to the inverse is taken off below.
      return value + 1 / n
    }),
  )
  return inverse(information).map((row, i) => row[i] - 1 / n)
}

/** Gauss-Jordan with row exchange; only ever used on small, well-conditioned matrices. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column + 1; row < n; row++)
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot], rows[column]]
    const divisor = rows[column][column]
    for (let at = 0; at < 2 * n; at++) rows[column][at] /= divisor
    for (let row = 0; row < n; row++) {
      if (row === column) continue
      const factor = rows[row][column]
      for (let at = 0; at < 2 * n; at++) rows[row][at] -= factor * rows[column][at]
    }
  }
  return rows.map((row) => row.slice(n))
}
