import { createCanvas, GlobalFonts } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import { fontFor } from '../../../../src/main/core/videos/drawing/fonts.ts'

function drawn(text: string, font: string): string {
  const canvas = createCanvas(48, 48)
  const context = canvas.getContext('2d')
  context.font = font
  context.fillText(text, 4, 36)
  return Buffer.from(context.getImageData(0, 0, 48, 48).data).toString('base64')
}

describe('fonts in videos', () => {
  it('for English load one file only', () => {
    expect(fontFor('File 3 | Frame 17', 20)).toBe('500 20px "Parallax Inter latin", sans-serif')
  })

  it.each([
    ['sc', '图', '表'],
    ['jp', 'あ', 'の'],
    ['kr', '가', '나'],
    ['arabic', 'ش', 'ق'],
    ['hebrew', 'א', 'ש'],
    ['thai', 'ก', 'ฮ'],
    ['devanagari', 'अ', 'ह'],
  ])('for %s come with the program and draw different characters differently', (script, one, other) => {
    const font = fontFor(one + other, 32)
    expect(font).toContain(`"Parallax Noto ${script}"`)
    expect(GlobalFonts.has(`Parallax Noto ${script}`)).toBe(true)
    const own = `500 32px "Parallax Noto ${script}"`
    expect(drawn(one, own)).not.toBe(drawn(other, own))
    expect(drawn(one, own)).not.toBe(drawn(' ', own))
  })
})
