/** Finds what connects the experiments of a lab book: names in notes, configs, checkpoints and result folders. */
import { experimentId, type LabLink, type LabSection } from '../../../../shared/domain/labBook.ts'

type Resolve = (mention: string) => string | undefined

/** All connections between different experiments, in the order of their lines. */
export function findLinks(sections: readonly LabSection[]): LabLink[] {
  const experiments = sections.filter(({ isExperiment }) => isExperiment)
  const resolve = resolver(experiments)
  const links: LabLink[] = []
  for (const section of experiments) {
    const seen = new Set<string>()
    const add = (line: number, mention: string, kind: LabLink['kind'], keepUnknown: boolean) => {
      const to = resolve(mention)
      if (to === section.name || (to === undefined && !keepUnknown)) return
      const key = `${line} ${to ?? mention} ${kind}`
      if (seen.has(key)) return
      seen.add(key)
      links.push({ line, from: section.name, to: to ?? null, mention, kind })
    }
    const mentions = (line: number, text: string) => {
      for (const { 0: word, index } of text.matchAll(/[\w.~/-]+/g)) {
        // `exp4_5_1/exp4_6_1` are two experiments, `outputs/exp5` is a path.
        const names = word.split('/')
        if (!names.every(isName)) continue
        const isCopy = /(?:copy|copied|clone|fork|based)\s*(?:from|of|on)?\s*$/i.test(text.slice(0, index))
        // A word that merely looks like a name ("dust2") is a link only when something bears that name.
        for (const name of names)
          add(line, name, isCopy ? 'copied-from' : 'mention', isCopy || /^exp\d/i.test(name))
      }
    }
    for (const { line, text, kind } of section.notes) if (kind !== 'code') mentions(line, text)
    for (const { line, text } of section.runs) mentions(line, text)
    for (const { line, argv, labels } of section.commands) {
      for (const text of labels.text ?? []) mentions(line, text)
      for (const word of argv) {
        const found = pathMention(word)
        if (found) add(line, found.name, found.kind, false)
      }
    }
  }
  return links.sort((a, b) => a.line - b.line)
}

/** Whether a word may name an experiment; longer ones are something else, and would only cost time. */
const isName = (word: string) => /^[A-Za-z]+[-_]?\d/.test(word) && word.length <= 100

/** The experiment that a path of a command names. */
function pathMention(word: string): { name: string; kind: LabLink['kind'] } | undefined {
  if (word.length > 4096) return undefined
  const path = word.replace(/^--?[\w-]+=/, '')
  const checkpoint = /([^/]+)\/+checkpoint-\d+/.exec(path)
  if (checkpoint) return { name: checkpoint[1], kind: 'checkpoint' }
  const config = /([^/]+)\.ya?ml$/.exec(path)
  if (config) return { name: config[1], kind: 'config' }
  const result = /(?:^|\/)outputs?_(?:eval|loc)\/+([^/]+)/.exec(path)
  if (result) return { name: result[1], kind: 'result' }
  const output = /(?:^|\/)outputs\/(?:[^/]+\/)*([^/]+)\/*$/.exec(path)
  if (output) return { name: output[1], kind: 'output' }
  return undefined
}

/**
 * Finds the section a name stands for: a section of that name, a run of that name (its section), a range such as
 * `exp4_3~6` that covers it, or the longest section name it begins with (`exp5_conti` is exp5).
 */
function resolver(sections: readonly LabSection[]): Resolve {
  const byName = new Map<string, string>()
  const remember = (key: string | undefined, name: string) => {
    if (key !== undefined && key !== '' && !byName.has(key.toLowerCase())) byName.set(key.toLowerCase(), name)
  }
  for (const { name } of sections) remember(name, name)
  for (const { name } of sections) remember(experimentId(name), name)
  for (const { name, runs } of sections)
    for (const run of runs) {
      remember(run.name, name)
      remember(experimentId(run.name), name)
    }
  for (const { name } of sections) {
    const range = /^(.*?)(\d+)~(\d+)$/.exec(experimentId(name) ?? '')
    if (range)
      for (let n = Number(range[2]); n <= Math.min(Number(range[3]), Number(range[2]) + 99); n++)
        remember(`${range[1]}${n}`, name)
  }
  return (mention) => {
    let key = mention.toLowerCase().replace(/[._-]+$/, '')
    for (;;) {
      const found = byName.get(key)
      if (found !== undefined) return found
      const shorter = key.replace(/[_.-][^_.-]*$/, '')
      // `exp4_9` is not `exp4`: a number belongs to the name, a word such as `_loc` does not.
      if (shorter === key || /[_.-]\d+$/.test(key)) return undefined
      key = shorter
    }
  }
}
