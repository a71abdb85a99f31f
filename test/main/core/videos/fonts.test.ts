import { createCanvas } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import { fontFilesFor, fontsInstalled } from '../../../../src/main/core/videos/drawing/fontFiles.ts'
import { fontFor } from '../../../../src/main/core/videos/drawing/fonts.ts'

function drawn(text: string, font: string): string {
  const canvas = createCanvas(64, 64)
  const context = canvas.getContext('2d')
  context.font = font
  context.fillText(text, 4, 44)
  return Buffer.from(context.getImageData(0, 0, 64, 64).data).toString('base64')
}

/** No font has this character: what is drawn for it is what is drawn for every character that is lacking. */
const unassigned = '\u0378'

describe('fonts in videos', () => {
  it('for English load one file only, whatever the numbers', () => {
    const font = '500 20px "Parallax inter-latin-wght-normal", sans-serif'
    expect(fontFor('File 3 | Frame 17', 20)).toBe(font)
    expect(fontFor('PSNR 24.15  ·  SSIM 0.7046', 20)).toBe(font)
  })

  it.each([
    ['Latin', 'Größe ğ ő Łódź'],
    ['Vietnamese', 'Tiếng Việt ₫'],
    ['Greek', 'Ελληνικά ἀρχή'],
    ['Cyrillic', 'Привет ћ қ'],
    ['simplified Chinese', '中文标签，测试。'],
    ['traditional Chinese', '繁體國語臺灣'],
    ['rare Chinese', '鬱龘靐㐂'],
    ['Japanese', '日本語のラベル'],
    ['Korean', '한국어 라벨'],
    ['Arabic', 'الحقيقة'],
    ['Hebrew', 'עברית'],
    ['Devanagari', 'हिन्दी'],
    ['Thai', 'ภาษาไทย'],
    ['Tamil', 'தமிழ்'],
    ['Telugu', 'తెలుగు'],
    ['Bengali', 'বাংলা'],
    ['Gujarati', 'ગુજરાતી'],
    ['Gurmukhi', 'ਪੰਜਾਬੀ'],
    ['Kannada', 'ಕನ್ನಡ'],
    ['Malayalam', 'മലയാളം'],
    ['Sinhala', 'සිංහල'],
    ['Oriya', 'ଓଡ଼ିଆ'],
    ['Georgian', 'ქართული'],
    ['Armenian', 'Հայերեն'],
    ['Ethiopic', 'አማርኛ'],
    ['Khmer', 'ភាសា'],
    ['Lao', 'ລາວ'],
    ['Burmese', 'မြန်မာ'],
    ['emoji', '🚀🔥✅👩‍💻'],
    ['signs', '∞→≤≈★✓①③■▲℃№'],
    ['everything at once', 'a 中文 العربية தமிழ் 🚀 ∞'],
  ])('hold every character of %s', (_, text) => {
    const font = fontFor(text, 32)
    const lacking = drawn(unassigned, font)
    // Every text may be shortened, with an ellipsis in its middle.
    for (const { segment } of new Intl.Segmenter().segment(`${text.replaceAll(' ', '')}…`))
      expect(drawn(segment, font) === lacking, segment).toBe(false)
  })

  it('write Chinese characters the Japanese way only in Japanese', () => {
    const first = (text: string) => /"Parallax (noto-sans-\w+)/.exec(fontFor(text, 20))?.[1]
    expect(first('直')).toBe('noto-sans-sc')
    expect(first('直す')).toBe('noto-sans-jp')
    expect(first('直 라벨')).toBe('noto-sans-kr')
  })

  it('load only the few files that hold the characters of a text', () => {
    expect(fontFilesFor('预测 真值').length).toBeLessThan(8)
    expect(fontFilesFor('الحقيقة').map(({ family }) => family)).toEqual([
      'Parallax inter-latin-wght-normal',
      'Parallax noto-sans-arabic-arabic-500-normal',
    ])
  })

  it('say which versions are installed', () => {
    const installed = fontsInstalled()
    expect(installed.length).toBeGreaterThan(20)
    for (const text of installed) expect(text).toMatch(/^@fontsource(-variable)?\/[\w-]+@\d+\.\d+\.\d+/)
  })
})
