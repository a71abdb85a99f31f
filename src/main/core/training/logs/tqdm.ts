/** Progress bars as tqdm draws them on a console: `name:  12%|█▏   | 120/1000 [01:00<07:20,  2.00it/s, loss=0.5]`. */

/** A bar. `total`, `remainingSeconds` and `stepsPerSecond` are null where tqdm shows none or `?`. */
export type ProgressBar = {
  name: string
  done: number
  total: number | null
  elapsedSeconds: number
  remainingSeconds: number | null
  stepsPerSecond: number | null
}

const clock = String.raw`(?:\d+ days?, )?\d+(?::\d\d){1,3}`
const rate = String.raw`(?:,\s*(\?|[\d.]+)([kMGT]?)(s\/[^\s\],]+|[^\s\d\],]*\/s))?`
const withTotal = new RegExp(
  String.raw`(?:^|[\s\]])?((?:[^\r\n%|{}\]]*?):\s+)?\s*\d+%\|[^|\r\n]*\|\s*([\d.]+)([kMGT]?i?)\/([\d.]+)([kMGT]?i?)[^\s\[]*\s*\[(${clock})<(${clock}|\?)${rate}[^\]\r\n]*\]`,
)
const withoutTotal = new RegExp(
  String.raw`^\s*((?:[^\r\n%|{}\]]*?):\s+)?([\d.]+)([kMGT]?)(?:it|[a-zA-Z]+)? \[(${clock})${rate}[^\]\r\n]*\]`,
)

/** How far before and after its `%|` a bar may reach, and how many of them are looked at: junk may hold millions. */
const reach = { before: 200, after: 600, tries: 50 }

type FoundBar = { bar: ProgressBar; start: number; end: number }

/**
 * Finds the first bar in a piece of console text, in time that does not depend on what else the text holds.
 *
 * @returns the bar with the range of the text it takes up, or `null`.
 */
export function findProgressBar(text: string): FoundBar | null {
  let mark = text.indexOf('%|')
  for (let tries = 0; mark >= 0 && tries < reach.tries; tries++, mark = text.indexOf('%|', mark + 2)) {
    const from = Math.max(0, mark - reach.before)
    const found = readFullBar(text.slice(from, mark + reach.after))
    if (found) return { ...found, start: found.start + from, end: found.end + from }
  }
  return mark < 0 && text.includes(' [') ? readOpenBar(text.slice(0, reach.after)) : null
}

function readFullBar(text: string): FoundBar | null {
  const full = withTotal.exec(text)
  if (!full) return null
  const [all, name, done, doneUnit, total, totalUnit, elapsed, remaining, value, prefix, unit] = full
  return {
    bar: {
      name: barName(name),
      done: scaled(done!, doneUnit),
      total: scaled(total!, totalUnit),
      elapsedSeconds: clockSeconds(elapsed!),
      remainingSeconds: remaining === '?' ? null : clockSeconds(remaining!),
      stepsPerSecond: perSecond(value, prefix, unit),
    },
    start: full.index,
    end: full.index + all.length,
  }
}

/** A bar whose total is not known. */
function readOpenBar(text: string): FoundBar | null {
  const open = withoutTotal.exec(text)
  if (!open) return null
  const [all, name, done, doneUnit, elapsed, value, prefix, unit] = open
  return {
    bar: {
      name: barName(name),
      done: scaled(done!, doneUnit),
      total: null,
      elapsedSeconds: clockSeconds(elapsed!),
      remainingSeconds: null,
      stepsPerSecond: perSecond(value, prefix, unit),
    },
    start: open.index,
    end: open.index + all.length,
  }
}

function barName(text: string | undefined): string {
  return (text ?? '').replace(/:\s+$/, '').trim()
}

const factors: Record<string, number> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }

function scaled(digits: string, unit: string | undefined): number {
  return Number(digits) * (factors[unit?.[0] ?? ''] ?? 1)
}

function perSecond(
  value: string | undefined,
  prefix: string | undefined,
  unit: string | undefined,
): number | null {
  if (value === undefined || value === '?' || unit === undefined) return null
  const number = scaled(value, prefix)
  if (!unit.startsWith('s/')) return number
  return number === 0 ? null : 1 / number
}

/** `1:02:03`, `02:03` or `2 days, 01:02:03` in seconds. */
function clockSeconds(text: string): number {
  const days = /^(\d+) days?, /.exec(text)
  const parts = text.slice(days?.[0].length ?? 0).split(':')
  return parts.reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days?.[1] ?? 0) * 86_400
}
