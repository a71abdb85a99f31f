import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listFolder, pairFolders } from '../../../../src/main/core/benchmark/pairing.ts'
import { temporaryFolder } from '../../../support/frames.ts'

function folder(...names: string[]): string {
  const path = temporaryFolder()
  for (const name of names) writeFileSync(join(path, name), '')
  return path
}

describe('listing a folder', () => {
  it('sorts names as Python does and sets other files aside', async () => {
    const path = folder('b.jpg', 'a10.jpg', 'a9.JPG', 'A.png', 'notes.txt', '.DS_Store', '._b.jpg')
    mkdirSync(join(path, 'folder.jpg'))
    expect(await listFolder(path)).toEqual({
      images: ['A.png', 'a10.jpg', 'a9.JPG', 'b.jpg'],
      ignored: ['.DS_Store', '._b.jpg', 'folder.jpg', 'notes.txt'],
    })
  })

  it('takes names with spaces, quotes, newlines and Chinese, and sorts beyond the basic plane by code point', async () => {
    const names = ['a b.jpg', 'a"b\'.jpg', 'a\nb.jpg', '图.jpg', '\uffee.jpg', '\u{1F600}.jpg']
    const { images } = await listFolder(folder(...names))
    expect(images).toEqual(['a\nb.jpg', 'a b.jpg', 'a"b\'.jpg', '图.jpg', '\uffee.jpg', '\u{1F600}.jpg'])
  })

  it('says what is wrong with a folder that is missing, a file, or closed', async () => {
    const path = folder('x.jpg')
    await expect(listFolder(join(path, 'no'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(listFolder(join(path, 'x.jpg'))).rejects.toMatchObject({ code: 'usage' })
    const closed = join(path, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o000)
    // The superuser may read everything.
    if (process.getuid?.() !== 0)
      await expect(listFolder(closed)).rejects.toMatchObject({ code: 'permission' })
  })
})

describe('pairing', () => {
  it('joins equal names, extension included, and counts the rest', () => {
    const reference = { images: ['1.jpg', '2.jpg', '3.jpg', '4.jpg'], ignored: [] }
    const prediction = { images: ['2.jpg', '3.png', '4.jpg', '4.png', '9.jpg'], ignored: [] }
    expect(pairFolders(reference, prediction)).toEqual({
      pairs: ['2.jpg', '4.jpg'],
      missingPredictions: ['1.jpg', '3.jpg'],
      unmatchedPredictions: ['3.png', '4.png', '9.jpg'],
      otherExtensions: ['3.png', '4.png'],
      duplicateStems: ['4'],
      coverage: { Coverage_GT: 0.5, Coverage_Pred: 0.4, Common_Count: 2, GT_Count: 4, Pred_Count: 5 },
    })
  })

  it('of empty folders has coverage 0, not NaN', () => {
    const empty = { images: [], ignored: [] }
    expect(pairFolders(empty, empty).coverage).toMatchObject({ Coverage_GT: 0, Coverage_Pred: 0 })
  })
})
