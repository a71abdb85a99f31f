/// <reference lib="dom" />
/** Whether a browser shows the bytes that metrics see, for every kind of file that Compare hands to it undecoded. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeRgb } from '../../src/main/core/images/decode.ts'
import { isShownExactly } from '../../src/renderer/src/features/compare/pictures/pictureTraits.ts'
import { startBrowser } from '../support/browser.ts'

const fixtures = fileURLToPath(new URL('../fixtures/images', import.meta.url))
const browser = await startBrowser()
let page: Page

beforeAll(async () => {
  if (browser) page = await browser.newPage()
})
afterAll(() => browser?.close())

/** RGB bytes as the picture worker gets them: the same options of `createImageBitmap`, read back from a canvas. */
async function shownBytes(bytes: Uint8Array): Promise<{ width: number; height: number; rgb: Buffer }> {
  const { width, height, rgb } = await page.evaluate(async (text) => {
    const blob = new Blob([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))])
    const bitmap = await createImageBitmap(blob, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
      imageOrientation: 'from-image',
    })
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
      willReadFrequently: true,
    })!
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    let signs = ''
    for (let at = 0; at < data.length; at++) if (at % 4 !== 3) signs += String.fromCharCode(data[at])
    return { width: bitmap.width, height: bitmap.height, rgb: btoa(signs) }
  }, Buffer.from(bytes).toString('base64'))
  return { width, height, rgb: Buffer.from(rgb, 'base64') }
}

const isReadable = async (bytes: Uint8Array) =>
  decodeRgb(bytes).then(
    () => true,
    () => false,
  )

describe.skipIf(!browser)('pictures in a browser', () => {
  it('are the bytes that metrics see, for every fixture that is not fetched as an exact copy', async () => {
    const different: string[] = []
    let compared = 0
    for (const name of readdirSync(fixtures).filter((file) => /\.(jpe?g|png|webp|bmp)$/.test(file))) {
      const bytes = readFileSync(join(fixtures, name))
      if (!isShownExactly(bytes) || !(await isReadable(bytes))) continue
      const seen = await decodeRgb(bytes)
      // What the browser refuses is fetched as an exact copy as well.
      const shown = await shownBytes(bytes).catch(() => undefined)
      if (!shown) continue
      compared++
      if (
        shown.width !== seen.width ||
        shown.height !== seen.height ||
        Buffer.compare(shown.rgb, Buffer.from(seen.data)) !== 0
      )
        different.push(name)
    }
    expect(compared).toBeGreaterThan(5)
    expect(different).toEqual([])
  })

  it.each(['4:2:0', '4:4:4'])(
    'are exact for a noisy JPEG with %s samples, odd sides and a colour profile',
    async (chromaSubsampling) => {
      const [width, height] = [333, 127]
      const noise = Uint8Array.from(
        { length: width * height * 3 },
        (_, at) => (Math.imul(at + 7, 2654435761) >>> 13) & 255,
      )
      const bytes = await sharp(noise, { raw: { width, height, channels: 3 } })
        .withIccProfile('p3')
        .jpeg({ quality: 88, chromaSubsampling })
        .toBuffer()
      expect(isShownExactly(bytes)).toBe(true)
      const seen = await decodeRgb(bytes)
      const shown = await shownBytes(bytes)
      let most = 0
      for (let at = 0; at < shown.rgb.length; at++)
        most = Math.max(most, Math.abs(shown.rgb[at] - seen.data[at]))
      expect([shown.width, shown.height, most]).toEqual([width, height, 0])
    },
  )
})
