/** Counts what several workers do, to say how many items per second a stage handles on one core. */
export function createThroughput(): {
  add(stage: string, ms: number): void
  rates(): Record<string, number>
} {
  const stages = new Map<string, { items: number; ms: number }>()
  return {
    add(stage, ms) {
      const known = stages.get(stage) ?? { items: 0, ms: 0 }
      stages.set(stage, { items: known.items + 1, ms: known.ms + ms })
    },
    rates: () =>
      Object.fromEntries(
        [...stages]
          .filter(([, { ms }]) => ms > 0)
          .map(([stage, { items, ms }]) => [stage, (1000 * items) / ms]),
      ),
  }
}
