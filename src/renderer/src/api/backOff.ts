/** Milliseconds to wait before attempt `attempt` (1, 2, …): doubling from 250 ms to 8 s, spread by a fifth so that many windows do not knock at once. */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(8000, 250 * 2 ** (attempt - 1))
  return Math.round(base * (0.9 + 0.2 * random()))
}
