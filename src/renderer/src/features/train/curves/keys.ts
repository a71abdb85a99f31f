/** Which of a log's keys are worth a plot first. */
import type { SeriesKey } from '../../../../../shared/contract/training.ts'

const order = [
  'total_loss',
  'Loss',
  'loss',
  'masked_loc_loss',
  'loc_loss',
  'masked_gen_loss',
  'gen_loss',
  'LR',
]
const rank = ({ name, section, table }: SeriesKey) => {
  const place = order.indexOf(name)
  const base = place >= 0 ? place : order.length + (/loss/i.test(name) ? 0 : section === 'timing' ? 2 : 1)
  return base + (table === 'state' ? 0.5 : 0)
}

/** Keys in the order a person looks at them: losses, learning rate, the rest, timing. One per name. */
export function sortedKeys(keys: readonly SeriesKey[]): SeriesKey[] {
  const byName = new Map<string, SeriesKey>()
  for (const key of keys) if (!byName.has(key.id)) byName.set(key.id, key)
  return [...byName.values()].sort((a, b) => rank(a) - rank(b))
}

/** Up to four keys to begin with: the losses; whatever there is when none is named so. */
export function mainKeys(keys: readonly SeriesKey[]): SeriesKey[] {
  const sorted = sortedKeys(keys)
  // trainer_state.json repeats what the log says.
  const once = sorted.filter(
    ({ name }, index) => sorted.findIndex((key) => key.name.toLowerCase() === name.toLowerCase()) === index,
  )
  const losses = once.filter(({ name }) => /loss/i.test(name) && !/alpha/i.test(name))
  return (losses.length > 0 ? losses : once).slice(0, 4)
}

/** The key's name, with its section where names may repeat. */
export const keyTitle = ({ name, section, table }: SeriesKey): string =>
  section === 'timing' ? `timing.${name}` : table === 'state' ? `${name} (trainer_state)` : name
