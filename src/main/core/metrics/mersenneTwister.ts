/**
 * The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded and used exactly like numpy's legacy
 * `RandomState`, so that subsets and permutations are those of the Python packages.
 */

const stateLength = 624
const shiftLength = 397

/** Random integers and permutations of `numpy.random.RandomState(seed)`. */
export class MersenneTwister {
  private readonly state = new Uint32Array(stateLength)
  private next = stateLength

  /** @param seed 0 to 2^32 - 1 */
  constructor(seed: number) {
    this.state[0] = seed
    for (let i = 1; i < stateLength; i++) {
      const previous = this.state[i - 1]!
      this.state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  /** A uniform integer of 32 bits. */
  uint32(): number {
    if (this.next === stateLength) this.refill()
    let bits = this.state[this.next++]!
    bits ^= bits >>> 11
    bits ^= (bits << 7) & 0x9d2c5680
    bits ^= (bits << 15) & 0xefc60000
    return (bits ^ (bits >>> 18)) >>> 0
  }

  /** A uniform integer in 0..max, by drawing as many bits as `max` has until they are not above it. */
  uintUpTo(max: number): number {
    const mask = max === 0 ? 0 : 0xffffffff >>> Math.clz32(max)
    for (;;) {
      const value = (this.uint32() & mask) >>> 0
      if (value <= max) return value
    }
  }

  /** `RandomState.permutation(length)`: 0..length-1 in random order. */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i)
    for (let i = length - 1; i > 0; i--) {
      const j = this.uintUpTo(i)
      const kept = order[i]!
      order[i] = order[j]!
      order[j] = kept
    }
    return order
  }

  /** `RandomState.choice(length, size, replace=False)`: `size` different numbers out of 0..length-1. */
  choice(length: number, size: number): Uint32Array {
    return this.permutation(length).subarray(0, size)
  }

  private refill(): void {
    const { state } = this
    for (let i = 0; i < stateLength; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % stateLength]! & 0x7fffffff)
      state[i] = state[(i + shiftLength) % stateLength]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0)
    }
    this.next = 0
  }
}
