/**
 * Is the difference between two runs real? A 95 % interval of the mean difference over the frames both have, by a
 * circular block bootstrap: neighbouring frames of a recording resemble each other, so blocks of them are drawn
 * instead of single frames, which would make intervals too narrow (Politis and Romano 1992).
 */

const resamples = 2000

/** Numbers in [0, 1) from a 32-bit seed (mulberry32); the same seed gives the same interval. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * @param differences one value per frame, in frame order; at least one
 * @param blockLength frames drawn together; the cube root of their number when left out
 * @returns the 2.5 % and 97.5 % quantiles of the mean
 */
export function meanInterval(
  differences: readonly number[],
  blockLength = Math.max(1, Math.round(Math.cbrt(differences.length))),
): [low: number, high: number] {
  const n = differences.length
  const random = randomNumbers(1)
  // Sums of blocks that wrap around the end, so that one draw costs one addition.
  const prefix = new Float64Array(n + blockLength + 1)
  for (let i = 0; i < n + blockLength; i++) prefix[i + 1] = prefix[i] + differences[i % n]
  const blocks = Math.ceil(n / blockLength)
  const means = new Float64Array(resamples)
  for (let sample = 0; sample < resamples; sample++) {
    let sum = 0
    for (let block = 0; block < blocks; block++) {
      const start = Math.floor(random() * n)
      sum += prefix[start + blockLength] - prefix[start]
    }
    means[sample] = sum / (blocks * blockLength)
  }
  means.sort()
  return [means[Math.floor(0.025 * resamples)], means[Math.ceil(0.975 * resamples) - 1]]
}
