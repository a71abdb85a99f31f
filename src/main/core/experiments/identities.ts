/**
 * Decides which sections and commands of a changed lab book are the ones known from the last import, so that what
 * the user added to them stays with them when sections move, are renamed or split.
 */
import type { LabCommand, LabNote } from '../../../shared/domain/labBook.ts'

/** What identifies a section. `id` is that of the last import. */
export type KnownSection = { id: string; name: string; commands: readonly string[]; notes: readonly string[] }
export type NewSection = Omit<KnownSection, 'id'>

/** Two commands with the same key do the same. */
export function commandKey({ env, argv }: Pick<LabCommand, 'env' | 'argv'>): string {
  return JSON.stringify([Object.entries(env).sort(), argv])
}

/** The words of the notes that tell one section from another. */
export function noteKeys(notes: readonly LabNote[]): string[] {
  return notes
    .map(({ text }) => text.replace(/\s+/g, ' ').trim().toLowerCase())
    .filter((text) => text.length > 2)
}

/** A name weighs less than the same content, so that a swapped name follows its content. */
const nameWeight = 1
const contentWeight = 1.2
/** Without the same name this much of the content must agree. */
const enoughContent = 0.4

/**
 * For each new section the id of the known one it continues, or undefined. Each id is given once; of the parts of a
 * split section the one with the same name, else the one with most of the content, keeps it.
 */
export function matchSections(
  known: readonly KnownSection[],
  found: readonly NewSection[],
): (string | undefined)[] {
  const frequency = new Map<string, number>()
  for (const section of known)
    for (const part of partsOf(section)) frequency.set(part, (frequency.get(part) ?? 0) + 1)
  const weight = (part: string) => (part.startsWith('c') ? 3 : 1) / (frequency.get(part) ?? 1)
  const sum = (parts: Iterable<string>) => [...parts].reduce((total, part) => total + weight(part), 0)

  const knownParts = known.map(partsOf)
  const candidates: { old: number; now: number; score: number; distance: number }[] = []
  for (const [now, section] of found.entries()) {
    const parts = partsOf(section)
    for (const [old, before] of known.entries()) {
      const isSameName = before.name.toLowerCase() === section.name.toLowerCase()
      const shared = sum([...parts].filter((part) => knownParts[old].has(part)))
      if (!isSameName && shared === 0) continue
      // The share of the smaller of the two: a part of a split section is contained in it as a whole.
      const smaller = Math.min(sum(parts), sum(knownParts[old]))
      const content = smaller > 0 ? shared / smaller : 0
      if (!isSameName && content < enoughContent) continue
      const size = shared / (sum(knownParts[old]) || 1)
      candidates.push({
        old,
        now,
        score: (isSameName ? nameWeight : 0) + contentWeight * (0.7 * content + 0.3 * size),
        distance: Math.abs(old - now),
      })
    }
  }
  candidates.sort((a, b) => b.score - a.score || a.distance - b.distance)
  const ids: (string | undefined)[] = found.map(() => undefined)
  const taken = new Set<number>()
  for (const { old, now } of candidates) {
    if (taken.has(old) || ids[now] !== undefined) continue
    taken.add(old)
    ids[now] = known[old].id
  }
  return ids
}

function partsOf({ commands, notes }: NewSection): Set<string> {
  return new Set([...commands.map((command) => `c${command}`), ...notes.map((note) => `n${note}`)])
}

export type KnownCommand = {
  id: string
  sectionId: string
  key: string
  kind: string
  words: readonly string[]
}
export type NewCommand = Omit<KnownCommand, 'id' | 'sectionId'> & { sectionId: string | undefined }

/** This share of words must agree for a changed command to be the same one. */
const enoughWords = 0.7

/**
 * For each new command the id of the known one: the same command in the same section, then the same command moved
 * elsewhere, then a changed command of the same kind in the same section.
 */
export function matchCommands(
  known: readonly KnownCommand[],
  found: readonly NewCommand[],
): (string | undefined)[] {
  const ids: (string | undefined)[] = found.map(() => undefined)
  const left = new Set(known)
  const assign = (accepts: (before: KnownCommand, now: NewCommand) => boolean) => {
    for (const [index, now] of found.entries()) {
      if (ids[index] !== undefined) continue
      for (const before of left)
        if (accepts(before, now)) {
          ids[index] = before.id
          left.delete(before)
          break
        }
    }
  }
  assign((before, now) => before.key === now.key && before.sectionId === now.sectionId)
  assign((before, now) => before.key === now.key)
  assign(
    (before, now) =>
      before.sectionId === now.sectionId &&
      before.kind === now.kind &&
      agreement(before.words, now.words) >= enoughWords,
  )
  return ids
}

function agreement(a: readonly string[], b: readonly string[]): number {
  const words = new Set(a)
  const shared = new Set(b.filter((word) => words.has(word))).size
  return shared / Math.max(words.size, new Set(b).size, 1)
}
