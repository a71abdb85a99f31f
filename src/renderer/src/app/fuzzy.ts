/**
 * How well a text fits what was typed: all letters in order, better when they stand together or begin words.
 * `undefined` when it does not fit; higher is better.
 */
export function fuzzyScore(typed: string, text: string): number | undefined {
  const wanted = typed.toLowerCase().replaceAll(' ', '')
  const lower = text.toLowerCase()
  let score = 0
  let at = -1
  for (const letter of wanted) {
    const found = lower.indexOf(letter, at + 1)
    if (found < 0) return undefined
    const isTogether = found === at + 1 && at >= 0
    const beginsWord = found === 0 || /[\s/_.\-:]/.test(lower[found - 1])
    score += isTogether ? 4 : beginsWord ? 3 : 0
    score -= at < 0 ? found * 0.05 : Math.min(3, (found - at - 1) * 0.2)
    at = found
  }
  return score - text.length * 0.01
}

/** The fitting items, best first; all of them in their own order when nothing is typed. */
export function fuzzyFilter<Item>(
  items: readonly Item[],
  typed: string,
  textOf: (item: Item) => string,
): Item[] {
  if (typed.trim() === '') return [...items]
  return items
    .map((item) => ({ item, score: fuzzyScore(typed.trim(), textOf(item)) }))
    .filter((entry): entry is { item: Item; score: number } => entry.score !== undefined)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
