/** How numbers, times and sizes are written. One place, so that every table and every line agrees. */

const thin = '\u2009'
const minus = '\u2212'

/** A whole number with thin spaces between thousands: `12 400`. */
export function formatCount(value: number): string {
  const digits = String(Math.round(Math.abs(value))).replace(/\B(?=(\d{3})+$)/g, thin)
  return value < 0 && digits !== '0' ? minus + digits : digits
}

/**
 * A measured number with at most `digits` significant digits: `17.83`, `0.2806`, `12 346`, `3.1e−5`, `∞`.
 * Trailing zeros stay, so that a column of equal precision lines up.
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 10 ** (digits - 1)) return formatCount(value)
  if (size < 10 ** -digits) {
    const [mantissa, exponent] = size.toExponential(Math.max(0, digits - 2)).split('e')
    return `${value < 0 ? minus : ''}${mantissa}e${exponent.replace('-', minus)}`
  }
  const text = size.toPrecision(digits)
  return value < 0 ? minus + text : text
}

/** The whole value, for hover and copy. */
export const formatExact = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? 'Infinity' : '-Infinity'

/** Seconds as `0.4 s`, `9 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.max(0, Math.round(seconds * 10) / 10)}${thin}s`
  const whole = Math.round(seconds)
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  return parts
    .slice(first, first + 2)
    .filter(([amount], index) => index === 0 || amount > 0)
    .map(([amount, unit]) => `${amount}${thin}${unit}`)
    .join(' ')
}

/** Bytes in binary steps with decimal names as file managers show them: `420 kB`, `1.6 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1000 ** step
  const text = step === 0 || amount >= 100 ? String(Math.round(amount)) : amount.toFixed(1)
  return `${text}${thin}${units[step]}`
}

/** Things per second with two or three digits: `85`, `9.4`, `1 240`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 10) return formatCount(perSecond)
  return perSecond >= 1 ? perSecond.toFixed(1) : perSecond.toPrecision(2)
}

const relativeSteps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** A moment seen from `now`, both in ms since 1970: `5 minutes ago`; under a minute `justNow`. */
export function formatRelativeTime(at: number, now: number, locale: string, justNow: string): string {
  const seconds = (at - now) / 1000
  const step = relativeSteps.find(([, size]) => Math.abs(seconds) >= size)
  if (!step) return justNow
  const [unit, size] = step
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit)
}

/** The exact moment with seconds, in the person's own zone. */
export const formatExactTime = (at: number, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(at)

/** A long path cut in the middle so that its beginning and, above all, its end stay readable. */
export function shortenPath(path: string, longest: number): string {
  if (path.length <= longest) return path
  const tail = Math.ceil((longest - 1) * 0.7)
  return `${path.slice(0, longest - 1 - tail)}…${path.slice(-tail)}`
}
