/** What the engine says has words in every language: its source is read, so that a new sentence cannot be forgotten. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import i18next from 'i18next'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { resources } from '../../../src/renderer/src/i18n/resources.ts'
import { translateSentence } from '../../../src/renderer/src/i18n/sentences/index.ts'
import { translator } from '../../../src/renderer/src/i18n/sentences/translator.ts'
import { repository } from '../../support/electron.ts'

/** Where errors and hints come from that reach the pages. */
const sources = [
  'src/shared/errors.ts',
  'src/main/engine.ts',
  'src/main/hosts/connection.ts',
  'src/main/core/benchmark',
  'src/main/core/jobs',
  'src/main/core/media',
  'src/main/core/models/download.ts',
  'src/main/core/models/importModel.ts',
  'src/main/core/models/store.ts',
  'src/main/core/runs',
  'src/main/core/store',
  'src/main/core/system',
  'src/main/core/workspaces',
  'src/main/core/evaluation',
  'src/main/core/experiments/configs.ts',
  'src/main/core/experiments/confine.ts',
  'src/main/core/experiments/facts.ts',
  'src/main/core/experiments/handlers.ts',
  'src/main/core/experiments/launchHandlers.ts',
  'src/main/core/experiments/labBook/writeEntry.ts',
  'src/main/core/experiments/textFile.ts',
  'src/main/core/training/handlers.ts',
  'src/main/core/training/processes',
  'src/main/core/training/slurm',
  'src/main/core/videos',
  'src/main/core/compare',
  'src/main/core/ffmpeg',
  'src/main/core/tracks',
  'src/main/core/videoFrames',
  'src/renderer/src/api',
]

/** Every sentence that is written out as an error or as one of these properties; `⟨…⟩` where something is filled in. */
function sentencesOf(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const add = (node: ts.Expression | undefined) => found.push(...(node ? writtenOut(node) : []))
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'AppError') add(node.arguments?.[1])
    if (ts.isPropertyAssignment(node) && ['hint', 'message', 'reason', 'note'].includes(node.name.getText()))
      add(node.initializer)
    if (ts.isCallExpression(node) && /^(warnings|problems|notes)\.push$/.test(node.expression.getText()))
      node.arguments.forEach(add)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The texts an expression can stand for, as far as they are written in it. Words alone are names, not sentences. */
function writtenOut(node: ts.Expression): string[] {
  if (ts.isConditionalExpression(node)) return [...writtenOut(node.whenTrue), ...writtenOut(node.whenFalse)]
  if (ts.isStringLiteralLike(node)) return node.text.includes(' ') ? [node.text] : []
  if (!ts.isTemplateExpression(node)) return []
  const text = node.head.text + node.templateSpans.map(({ literal }) => `⟨1⟩${literal.text}`).join('')
  return /[a-z]{2}/.test(text) ? [text] : []
}

function filesIn(path: string): string[] {
  if (path.endsWith('.ts')) return [path]
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

beforeAll(() => void i18next.init({ resources, lng: 'zh-CN', initAsync: false }))

describe('sentences of the engine', () => {
  const all = sources
    .flatMap((source) => filesIn(join(repository, source)))
    .flatMap((path) => sentencesOf(path).map((text) => [relative(repository, path), text] as const))

  it('were found in its source', () => expect(all.length).toBeGreaterThan(90))

  it.each(all)('%s: %s', (_path, text) => expect(translateSentence(text)).toMatch(/\p{Script=Han}/u))

  it('are left alone in English', async () => {
    await i18next.changeLanguage('en')
    expect(translateSentence('The token is missing.')).toBe('The token is missing.')
    await i18next.changeLanguage('zh-CN')
  })

  it('keep what was filled in, character by character', () => {
    expect(translateSentence('/data/a $& b {x} (1)/名.jpg does not exist.')).toBe(
      '/data/a $& b {x} (1)/名.jpg 不存在。',
    )
    expect(translateSentence('Benchmark 2 maps: exp1 / test_1')).toBe('评测 2 张地图：exp1 / test_1')
  })

  it('are translated one by one when several stand together', () => {
    expect(
      translateSentence(
        'The token is missing. It stands after #token= in the address that parallax serve printed.',
      ),
    ).toBe('缺少令牌。它位于 parallax serve 所打印地址的 #token= 之后。')
  })

  it('translate the reason within and the titles of metrics', () => {
    expect(translateSentence('/a.jpg cannot be decoded: the file is empty.')).toBe(
      '无法解码 /a.jpg：文件为空。',
    )
    expect(translateSentence('448 × 448 → 224 × 224 (bilinear, as Pillow does) for PSNR, Exact')).toBe(
      '448 × 448 → 224 × 224（双线性，与 Pillow 一致），用于 PSNR、完全相等',
    )
  })

  it('of other programs stay as they are', () => {
    for (const text of [
      '',
      'Segmentation fault',
      'exp1_gen',
      'a. b. c',
      'RuntimeError: CUDA out of memory. Tried to allocate',
    ])
      expect(translateSentence(text)).toBe(text)
  })
})

describe('a translator', () => {
  it('takes the form that says more of the sentence when two fit', () => {
    const translate = translator([
      ['{a} is gone.', '1'],
      ['The file {a} is gone.', '2 {a}'],
    ])
    expect(translate('The file x is gone.')).toBe('2 x')
    expect(translate('It is gone.')).toBe('1')
  })
})
