/** Curves made ready for a plot: on one axis, with their extents, and as files. */

/** A line of a plot. `x` rises; `y` is null where the line breaks. */
export type Curve = {
  id: string
  label: string
  /** A CSS colour. */
  color: string
  x: readonly number[]
  y: readonly (number | null)[]
  smoothed?: readonly (number | null)[]
  /** Values that are no numbers, by their x. */
  nonFinite?: readonly { x: number; value: number | string }[]
}

/** A place of the x axis worth a look, marked over the whole height. */
export type Mark = { x: number; look: 'failed' | 'warning' }

/** What uPlot draws: one x axis, then values per line; `undefined` where a line has no point, `null` where it breaks. */
export type Aligned = { x: number[]; lines: (number | null | undefined)[][] }

/** Puts lines with their own x values on one axis. */
export function alignLines(
  lines: readonly { x: readonly number[]; y: readonly (number | null)[] }[],
): Aligned {
  if (lines.length === 1) return { x: [...lines[0].x], lines: [[...lines[0].y]] }
  const x = [...new Set(lines.flatMap((line) => [...line.x]))].sort((a, b) => a - b)
  const places = new Map(x.map((value, index) => [value, index]))
  return {
    x,
    lines: lines.map((line) => {
      const values = new Array<number | null | undefined>(x.length).fill(undefined)
      line.x.forEach((value, index) => (values[places.get(value)!] = line.y[index]))
      return values
    }),
  }
}

/** Values a logarithmic axis cannot show become breaks. */
export const positiveOnly = (y: readonly (number | null)[]): (number | null)[] =>
  y.map((value) => (value !== null && value > 0 ? value : null))

/** The value of a curve at the point nearest to `x`; undefined when the curve is empty. */
export function valueNear(
  { x, y }: Pick<Curve, 'x' | 'y'>,
  at: number,
): { x: number; y: number | null } | undefined {
  if (x.length === 0) return undefined
  let low = 0
  let high = x.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (x[middle] < at) low = middle + 1
    else high = middle
  }
  const nearest = low > 0 && at - x[low - 1] < x[low] - at ? low - 1 : low
  return { x: x[nearest], y: y[nearest] }
}

/** A stretch of the x axis, as steps or as seconds. */
export type PlotRange = { from: number; to: number }

/** A range `factor` times as wide, with `at` in the same place of the picture. */
export const zoomed = ({ from, to }: PlotRange, at: number, factor: number): PlotRange => ({
  from: at - (at - from) * factor,
  to: at + (to - at) * factor,
})

/** A range moved by a share of its width, as far as the data goes. */
export function moved({ from, to }: PlotRange, share: number, whole: PlotRange): PlotRange {
  const width = to - from
  const start = Math.min(Math.max(from + share * width, whole.from), Math.max(whole.from, whole.to - width))
  return { from: start, to: start + width }
}

/** A range within the data; `undefined` when it shows all of it, so that new points appear by themselves. */
export function within(range: PlotRange, whole: PlotRange): PlotRange | undefined {
  const inside = { from: Math.max(range.from, whole.from), to: Math.min(range.to, whole.to) }
  return inside.from <= whole.from && inside.to >= whole.to ? undefined : inside
}

/** First and last x of curves; undefined when there is no point. */
export function extentOf(curves: readonly Pick<Curve, 'x'>[]): PlotRange | undefined {
  const filled = curves.filter(({ x }) => x.length > 0)
  if (filled.length === 0) return undefined
  return {
    from: Math.min(...filled.map(({ x }) => x[0])),
    to: Math.max(...filled.map(({ x }) => x[x.length - 1])),
  }
}

/**
 * Moves places that lie closer than `gap` apart, none below `lowest`.
 *
 * @param places from top to bottom.
 */
export function apart(places: readonly number[], gap: number, lowest: number): number[] {
  const moved = [...places]
  for (let at = 1; at < moved.length; at++) moved[at] = Math.max(moved[at], moved[at - 1] + gap)
  for (let at = moved.length - 1; at >= 0; at--)
    moved[at] = Math.min(moved[at], at === moved.length - 1 ? lowest : moved[at + 1] - gap)
  return moved
}

/** The curves as CSV: one row per x, one column per curve, empty where there is no point. */
export function curvesToCsv(xName: string, curves: readonly Curve[]): string {
  const { x, lines } = alignLines(curves)
  const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const head = [xName, ...curves.map(({ label }) => label)].map(cell).join(',')
  const rows = x.map((value, at) => [value, ...lines.map((line) => line[at] ?? '')].join(','))
  return [head, ...rows, ''].join('\n')
}

/** Round numbers between two ends for an axis, about `count` of them. */
export function ticksBetween(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low]
  const raw = (high - low) / count
  const size = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].find((factor) => factor * size >= raw)! * size
  const first = Math.ceil(low / step) * step
  return Array.from({ length: Math.floor((high - first) / step + 1e-9) + 1 }, (_, index) =>
    Number((first + index * step).toPrecision(12)),
  )
}

const escapeXml = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)

/** The curves as a picture of their own, for papers: 720 × 400, dark lines on white, labels at the ends of lines. */
export function curvesToSvg(
  curves: readonly Curve[],
  options: { title: string; xName: string; isLog: boolean },
): string {
  const [width, height, left, right, top, bottom] = [720, 400, 64, 110, 34, 40]
  const shown = curves.map((curve) => ({
    ...curve,
    y: options.isLog ? positiveOnly(curve.smoothed ?? curve.y) : (curve.smoothed ?? curve.y),
  }))
  const xs = shown.flatMap(({ x }) => [...x])
  const ys = shown.flatMap(({ y }) => y.filter((value): value is number => value !== null))
  if (xs.length === 0 || ys.length === 0) return '<svg xmlns="http://www.w3.org/2000/svg"/>\n'
  const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Infinity)
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), -Infinity)
  const scaled = options.isLog ? Math.log10 : (value: number) => value
  const [x0, x1, y0, y1] = [least(xs), most(xs), scaled(least(ys)), scaled(most(ys))]
  const atX = (value: number) => left + ((value - x0) / (x1 - x0 || 1)) * (width - left - right)
  const atY = (value: number) =>
    height - bottom - ((scaled(value) - y0) / (y1 - y0 || 1)) * (height - top - bottom)
  const line = ({ x, y, color, label }: (typeof shown)[number]) => {
    let isDown = false
    const path = y
      .map((value, index) => {
        if (value === null) {
          isDown = false
          return ''
        }
        const point = `${isDown ? 'L' : 'M'}${atX(x[index]).toFixed(1)} ${atY(value).toFixed(1)}`
        isDown = true
        return point
      })
      .join('')
    const last = y.findLastIndex((value) => value !== null)
    return `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.5"/><text x="${(atX(x[last]) + 6).toFixed(1)}" y="${(atY(y[last]!) + 4).toFixed(1)}" fill="${color}">${escapeXml(label)}</text>`
  }
  const grid = [
    ...ticksBetween(x0, x1, 6).map(
      (value) =>
        `<path d="M${atX(value).toFixed(1)} ${top}V${height - bottom}" stroke="#ddd"/><text x="${atX(value).toFixed(1)}" y="${height - bottom + 16}" text-anchor="middle">${value}</text>`,
    ),
    ...ticksBetween(y0, y1, 5)
      .map((value) => (options.isLog ? 10 ** value : value))
      .map(
        (value) =>
          `<path d="M${left} ${atY(value).toFixed(1)}H${width - right}" stroke="#ddd"/><text x="${left - 8}" y="${(atY(value) + 4).toFixed(1)}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
      ),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Inter, sans-serif" font-size="12" fill="#333"><rect width="100%" height="100%" fill="#fff"/><text x="${left}" y="20" font-size="14">${escapeXml(options.title)}</text>${grid.join('')}${shown
    .filter(({ y }) => y.some((value) => value !== null))
    .map(line)
    .join(
      '',
    )}<text x="${(width - right + left) / 2}" y="${height - 6}" text-anchor="middle">${escapeXml(options.xName)}</text></svg>\n`
}
