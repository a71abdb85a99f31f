import { describe, expect, it } from 'vitest'
import { argumentHelp } from '../../../../../src/renderer/src/features/train/launch/argumentWords.ts'
import {
  chineseHintTexts,
  hintWords,
} from '../../../../../src/renderer/src/features/train/launch/hintWords.ts'
import { catalogues } from '../../../../../src/shared/domain/launch/catalogue.ts'
import {
  hintTexts,
  type HintText,
  type HintTextId,
} from '../../../../../src/shared/domain/launch/hints/texts.ts'

const placeholders = ({ message, hint = '' }: HintText) =>
  [...new Set([...`${message} ${hint}`.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))].sort()

describe('the words of a launch form', () => {
  it('have every hint in Chinese, with the same values filled in', () => {
    for (const id of Object.keys(hintTexts) as HintTextId[])
      expect([id, placeholders(chineseHintTexts[id])]).toEqual([id, placeholders(hintTexts[id])])
    expect(hintWords('portInUse', { port: 29504 }, 'zh-CN').message).toBe(
      '端口 29504 已被占用，可能是另一个训练在用。',
    )
    expect(hintWords('portInUse', { port: 29504 }, 'en').message).toContain('Port 29504 is taken')
  })

  it('have the help of every described argument in Chinese', () => {
    const untranslated = catalogues.flatMap(({ args }) =>
      args.filter(({ help }) => argumentHelp(help, 'zh-CN') === help).map(({ flag }) => flag),
    )
    expect(untranslated).toEqual([])
    expect(argumentHelp('Random seed.', 'en')).toBe('Random seed.')
  })
})
