import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imageHandlers } from '../../../../src/main/core/images/handlers.ts'
import { decodeImageFile, readImageFileHeader } from '../../../../src/main/core/images/imageFile.ts'
import { resize } from '../../../../src/main/core/images/resample.ts'
import { images } from '../../../../src/shared/contract/images.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/images/${name}`, import.meta.url))
const inspect = imageHandlers()['images.inspect']
const ask = async (input: unknown) => inspect(images['images.inspect'].input.parse(input))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parallax-inspect-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('images.inspect', () => {
  test('tells format, mode, size and hash of the RGB bytes', async () => {
    const path = fixture('cmyk.jpg')
    const { files } = JSON.parse(await readFile(fixture('expected.json'), 'utf8')) as {
      files: Record<string, unknown[]>
    }
    const [mode, width, height, sha256] = files['cmyk.jpg']!
    expect(await ask({ path })).toEqual({ path, format: 'jpeg', mode, width, height, sha256 })
  })

  test('resizes as asked, bilinear unless told otherwise', async () => {
    const path = fixture('rgb_420.jpg')
    const image = await decodeImageFile(path)
    for (const filter of [undefined, 'bicubic'] as const) {
      const seen = await ask({ path, resize: { width: 20, height: 10, filter } })
      const { data } = resize(image, 20, 10, filter ?? 'bilinear')
      expect(seen).toMatchObject({
        width: 20,
        height: 10,
        sha256: createHash('sha256').update(data).digest('hex'),
      })
    }
  })

  test('saves exactly the pixels that it hashed, even grey ones, and leaves nothing else behind', async () => {
    const save = join(folder, "it's a “frame” 图\n.png")
    for (const name of ['grey.jpg', 'lossy_RGBA.webp']) {
      const seen = await ask({ path: fixture(name), resize: { width: 9, height: 8 }, save })
      const again = await ask({ path: save })
      expect(seen.saved).toBe(save)
      expect(again).toMatchObject({ format: 'png', mode: 'RGB', width: 9, height: 8, sha256: seen.sha256 })
    }
    expect(await readdir(folder)).toHaveLength(1)
  })

  test('refuses what is no picture, by path', async () => {
    const path = join(folder, 'notes.jpg')
    await writeFile(path, 'These are notes.')
    await expect(ask({ path })).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining(path),
    })
    await rm(path)
  })

  test('says when the file does not exist or is a folder', async () => {
    await expect(ask({ path: join(folder, 'none.png') })).rejects.toMatchObject({ code: 'not-found' })
    await expect(ask({ path: folder })).rejects.toMatchObject({ code: 'usage' })
  })

  test('keeps the old file when the new one cannot be put in its place', async () => {
    const save = join(folder, 'taken.png')
    await mkdir(save)
    await expect(ask({ path: fixture('grey.jpg'), save })).rejects.toMatchObject({ code: 'usage' })
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
    await rm(save, { recursive: true })
  })
})

describe('readImageFileHeader', () => {
  test('finds the size of a JPEG that begins with more than 64 KiB of metadata', async () => {
    const jpeg = await readFile(fixture('rgb_420.jpg'))
    const segment = Buffer.alloc(60_002)
    segment.writeUInt16BE(0xffed, 0)
    segment.writeUInt16BE(60_000, 2)
    const path = join(folder, 'long.jpg')
    await writeFile(path, Buffer.concat([jpeg.subarray(0, 2), segment, segment, jpeg.subarray(2)]))
    const { format, mode, width, height, data } = await decodeImageFile(path)
    expect(await readImageFileHeader(path)).toEqual({ format, mode, width, height })
    expect(data).toEqual((await decodeImageFile(fixture('rgb_420.jpg'))).data)
  })

  test('does not read a large file that is no picture', async () => {
    const path = join(folder, 'large.png')
    await writeFile(path, Buffer.alloc(8 << 20, 'x'))
    const before = process.memoryUsage().arrayBuffers
    await expect(readImageFileHeader(path)).rejects.toMatchObject({ code: 'unreadable' })
    await expect(decodeImageFile(path)).rejects.toMatchObject({ code: 'unreadable' })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20)
  })
})
