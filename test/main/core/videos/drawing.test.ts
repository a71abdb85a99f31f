import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { label } from '../../../../src/main/core/videos/drawing/label.ts'
import { blend, blit } from '../../../../src/main/core/videos/drawing/sprite.ts'
import { exifOrientation, upright } from '../../../../src/main/core/videos/exifOrientation.ts'
import { formatScores } from '../../../../src/main/core/videos/frameScores.ts'
import { distinctNames } from '../../../../src/main/core/videos/frameFolder.ts'
import { fitInside, layOut, textPixels } from '../../../../src/main/core/videos/layout.ts'

const style = { colour: '#ffffff', pixels: 20, maxWidth: 400 }
const ink = (text: string) => {
  const { rgba } = label(text, style)
  let bright = 0
  for (let at = 0; at < rgba.length; at += 4) if (rgba[at] > 128) bright++
  return bright
}

describe('label', () => {
  it.each(['File 3 | Frame 120', 'Größe é ñ', 'Привет', 'Ελληνικά', 'Tiếng Việt'])(
    'draws %s with the fonts we ship',
    (text) => {
      expect(ink(text)).toBeGreaterThan(40)
    },
  )

  it('draws different pictures for different characters of one script, not the same empty box', () => {
    for (const [a, b] of ['Жщ', 'Ωξ', 'ệự'])
      expect(Buffer.from(label(a, style).rgba).equals(Buffer.from(label(b, style).rgba))).toBe(false)
  })

  it('never gets wider than it may, and shows less text instead', () => {
    const long = label('a very long label that cannot fit into a small panel at any size', {
      ...style,
      maxWidth: 100,
    })
    expect(long.width).toBeLessThanOrEqual(100)
  })

  it('grows with its panel within limits', () => {
    expect(textPixels({ width: 64, height: 64 })).toBe(10)
    expect(textPixels({ width: 640, height: 360 })).toBe(15)
    expect(textPixels({ width: 3840, height: 2160 })).toBe(40)
  })
})

describe('blend and blit', () => {
  const image = () => ({ width: 3, height: 2, data: new Uint8Array(18).fill(100) })

  it('blend mixes by alpha and cuts off what lies outside', () => {
    const target = image()
    const sprite = {
      width: 2,
      height: 2,
      rgba: Uint8Array.from([255, 0, 0, 255, 0, 255, 0, 128, 1, 2, 3, 0, 9, 9, 9, 255]),
    }
    blend(target, sprite, 2, 1)
    expect([...target.data.subarray(15, 18)]).toEqual([255, 0, 0])
    blend(target, sprite, -1, 0)
    expect([...target.data.subarray(0, 3)]).toEqual([50, 178, 50])
    expect([...target.data.subarray(9, 12)]).toEqual([9, 9, 9])
  })

  it('blit copies rows to their place', () => {
    const target = image()
    blit(target, { width: 1, height: 2, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) }, 2, 0)
    expect([...target.data]).toEqual([
      100, 100, 100, 100, 100, 100, 1, 2, 3, 100, 100, 100, 100, 100, 100, 4, 5, 6,
    ])
  })
})

describe('layOut and fitInside', () => {
  it('puts panels side by side with ten black pixels between, on an even canvas', () => {
    const { canvas, panels } = layOut('pair', { width: 641, height: 359 }, { reference: true, others: 0 })
    expect(canvas).toEqual({ width: 1292, height: 360 })
    expect(panels.map(({ x, width }) => [x, width])).toEqual([
      [0, 641],
      [651, 641],
    ])
  })

  it('refuses pictures larger than encoders take', () => {
    expect(() => layOut('runs', { width: 4096, height: 2160 }, { reference: true, others: 3 })).toThrow(
      '16384',
    )
  })

  it('keeps proportions and centres', () => {
    expect(fitInside({ width: 320, height: 120 }, { width: 160, height: 120 })).toEqual({
      x: 0,
      y: 30,
      width: 160,
      height: 60,
    })
    expect(fitInside({ width: 1, height: 1000 }, { width: 50, height: 50 })).toEqual({
      x: 24,
      y: 0,
      width: 1,
      height: 50,
    })
  })
})

describe('exif orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('turns orientation %i as sharp does', async (orientation) => {
    const data = Buffer.from(Array.from({ length: 16 * 8 * 3 }, (_, index) => (index * 37) % 256))
    const jpeg = await sharp(data, { raw: { width: 16, height: 8, channels: 3 } })
      .jpeg()
      .withMetadata({ orientation })
      .toBuffer()
    const stored = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
    const expected = await sharp(jpeg).autoOrient().raw().toBuffer({ resolveWithObject: true })
    expect(exifOrientation(jpeg)).toBe(orientation)
    const turned = upright(
      { width: stored.info.width, height: stored.info.height, data: stored.data },
      orientation,
    )
    expect([turned.width, turned.height]).toEqual([expected.info.width, expected.info.height])
    expect(Buffer.from(turned.data).equals(expected.data)).toBe(true)
  })

  it('takes pictures without one, other formats and broken headers as upright', async () => {
    const png = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const jpeg = await sharp(png).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    expect(exifOrientation(png)).toBe(1)
    expect(exifOrientation(new Uint8Array())).toBe(1)
    for (let length = 0; length < 60; length++)
      expect([1, 6]).toContain(exifOrientation(jpeg.subarray(0, length)))
  })
})

describe('names and numbers in pictures', () => {
  it('tells runs apart by what differs in their paths', () => {
    expect(
      distinctNames([
        '/w/outputs_eval/exp1/test_1/gen_imgs/de_x',
        '/w/outputs_eval/exp2/test_9/gen_imgs/de_x',
      ]),
    ).toEqual(['exp1', 'exp2'])
    expect(
      distinctNames([
        '/w/outputs_eval/exp1/test_1/gen_imgs/de_x',
        '/w/outputs_eval/exp1/test_9/gen_imgs/de_x',
      ]),
    ).toEqual(['test_1', 'test_9'])
    expect(distinctNames(['/w/a/frames', '/w/b/frames'])).toEqual(['a', 'b'])
  })

  it('writes scores with four digits', () => {
    const text = formatScores([
      { name: 'PSNR', value: 24.1553 },
      { name: 'SSIM', value: 0.70461 },
      { name: 'MSE', value: 1234.56 },
      { name: 'PSNR', value: Infinity },
    ])
    expect(text).toBe('PSNR 24.16  ·  SSIM 0.7046  ·  MSE 1234.6  ·  PSNR ∞')
  })
})
