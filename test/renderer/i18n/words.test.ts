import { describe, expect, it } from 'vitest'
import { initialLanguage } from '../../../src/renderer/src/i18n/index.ts'
import { resources } from '../../../src/renderer/src/i18n/resources.ts'
import { metricCatalog } from '../../../src/shared/domain/metricCatalog.ts'

/** Every sentence with the way to it, such as `benchmark.footer.run`. */
function sentences(words: object, path = ''): Map<string, string> {
  const found = Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const way = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[way, value]] : [...sentences(value as object, way)]
  })
  return new Map(found)
}

const english = sentences(resources.en)
const chinese = sentences(resources['zh-CN'])
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()
/** Names that are the same everywhere: units, formats, commands, languages named in themselves. */
const isName = (text: string) => !/[a-z]{4,} [a-z]{2,}/.test(text) || /^[a-z]/.test(text)

describe('the words of the pages', () => {
  it('are the same keys in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('have nothing empty', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe('')
  })

  it('fill in the same values in both languages', () => {
    for (const [key, text] of english) {
      // A Chinese sentence may say "one" where English counts, never the other way round.
      const isSingular = key.endsWith('_one')
      const [wanted, found] = [placeholders(text), placeholders(chinese.get(key) ?? '')]
      if (isSingular) expect(found, key).toEqual(expect.arrayContaining(wanted))
      else expect(found, key).toEqual(wanted)
    }
  })

  it('are Chinese in Chinese wherever English has a sentence', () => {
    const left = [...english].filter(
      ([key, text]) => !isName(text) && !/[\u4e00-\u9fff]/.test(chinese.get(key) ?? ''),
    )
    expect(left.map(([key]) => key)).toEqual(
      ['app.commands.switchLanguage'].filter((key) => left.some(([one]) => one === key)),
    )
  })

  it('do not shout', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text, key).not.toMatch(/[!！]|successful/i)
  })

  it('explain every metric of the catalogue', () => {
    for (const { id } of metricCatalog) {
      expect(english.get(`metrics.about.${id}`), id).toBeDefined()
      expect(chinese.get(`metrics.about.${id}`), id).toMatch(/[\u4e00-\u9fff]/)
    }
  })

  it('name every page', () => {
    for (const [name, words] of Object.entries(resources.en))
      if (name !== 'app' && name !== 'metrics') expect(words, name).toHaveProperty('title')
  })
})

describe('the first language', () => {
  it('is the remembered one, else that of the system, else English', () => {
    expect(initialLanguage('zh-CN', ['en-GB'])).toBe('zh-CN')
    expect(initialLanguage(undefined, ['zh-TW', 'en'])).toBe('zh-CN')
    expect(initialLanguage(undefined, ['fr', 'zh-CN'])).toBe('en')
    expect(initialLanguage('xx', [])).toBe('en')
  })
})
