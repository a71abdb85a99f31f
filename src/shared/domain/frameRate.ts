/** Frame rates as the fractions they are: 29.97 is 30000/1001, and a float would drift over a long clip. */

/** Frames per second as a fraction in lowest terms; both parts are whole and positive. */
export type FrameRate = { numerator: number; denominator: number }

const largestPart = 2 ** 31 - 1

/**
 * Reads `25`, `12.5` or `30000/1001`.
 *
 * @returns `undefined` when the text is none of these, is 0, or is above 1000 frames per second.
 */
export function parseFrameRate(text: string | number): FrameRate | undefined {
  const match = /^\s*(\d+)(?:\.(\d{1,6}))?(?:\s*\/\s*(\d+)(?:\.(\d{1,6}))?)?\s*$/.exec(String(text))
  if (!match) return undefined
  const [above, below] = [decimal(match[1], match[2]), decimal(match[3] ?? '1', match[4])]
  const numerator = above.digits * below.scale
  const denominator = below.digits * above.scale
  if (numerator <= 0n || denominator <= 0n || numerator > denominator * 1000n) return undefined
  const divisor = greatestCommonDivisor(numerator, denominator)
  const rate = { numerator: Number(numerator / divisor), denominator: Number(denominator / divisor) }
  return rate.numerator > largestPart || rate.denominator > largestPart ? undefined : rate
}

/** Frames per second as a number. */
export const framesPerSecond = ({ numerator, denominator }: FrameRate) => numerator / denominator

/** `30000/1001`, or `25` for whole rates: the form ffmpeg reads. */
export const formatFrameRate = ({ numerator, denominator }: FrameRate) =>
  denominator === 1 ? String(numerator) : `${numerator}/${denominator}`

function decimal(whole: string, fraction = ''): { digits: bigint; scale: bigint } {
  return { digits: BigInt(whole + fraction), scale: 10n ** BigInt(fraction.length) }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}
