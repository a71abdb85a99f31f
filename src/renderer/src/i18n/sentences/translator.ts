/** Finds a sentence by its English form and writes it in another language. Knows no language itself. */

/**
 * A sentence in English and in another language. `{name}` takes what the engine filled in; a slot whose name begins
 * with `reason` holds a sentence of its own, which is translated in turn; `{rest}` may run over several sentences and
 * lines; `{metrics}` is a list of titles.
 */
export type SentencePair = readonly [english: string, translated: string]
export type Translate = (text: string) => string

type Pattern = { expression: RegExp; slots: string[]; translated: string; literalLength: number }

const slot = /\{(\w+)\}/g
/** Beginning of the next sentence: what is filled in does not reach over it. */
const sentenceStart = '[.!?] ["“A-Z{]'
const kept = 4000

/** @param titles words that stand in lists, as the slot `{metrics}` is filled with. */
export function translator(
  pairs: readonly SentencePair[],
  titles: ReadonlyMap<string, string> = new Map(),
): Translate {
  const whole = new Map(pairs)
  const patterns = pairs
    .filter(([english]) => english.includes('{'))
    .map(toPattern)
    // Of two that fit, the one that says more of the sentence.
    .sort((a, b) => b.literalLength - a.literalLength)
  const known = new Map<string, string>()

  const one = (text: string): string | undefined => {
    const found = whole.get(text)
    if (found !== undefined) return found
    for (const { expression, slots, translated } of patterns) {
      const values = expression.exec(text)
      if (!values) continue
      return translated.replaceAll(slot, (_whole, name: string) => {
        const value = values[slots.indexOf(name) + 1] ?? ''
        if (name === 'metrics')
          return value
            .split(', ')
            .map((title) => titles.get(title) ?? title)
            .join('、')
        return name.startsWith('reason') || name === 'rest' ? translate(value) : value
      })
    }
    return undefined
  }
  const inParts = (text: string): string => {
    const parts = text.split(new RegExp(`(?<=[.!?])[ \\n](?=["“A-Z/{])`))
    if (parts.length === 1) return text
    const translated = parts.map((part) => one(part))
    if (translated.every((part) => part === undefined)) return text
    return parts.map((part, index) => translated[index] ?? part).join('')
  }
  const translate: Translate = (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const result = one(text) ?? inParts(text)
    if (known.size >= kept) known.clear()
    known.set(text, result)
    return result
  }
  return translate
}

function toPattern([english, translated]: SentencePair): Pattern {
  const slots: string[] = []
  const source = english
    .split(slot)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      slots.push(part)
      return part === 'rest' ? '([\\s\\S]+)' : `((?:(?!${sentenceStart})[^\\n])+?)`
    })
    .join('')
  return {
    expression: new RegExp(`^${source}$`),
    slots,
    translated,
    literalLength: english.replaceAll(slot, '').length,
  }
}
