import { spawnSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { frameNaming } from '../../../../src/main/core/tracks/frameNaming.ts'
import { readFrameFolder } from '../../../../src/main/core/videos/frameFolder.ts'
import { temporaryFolder } from './counterFrames.ts'

const isWindows = process.platform === 'win32'

describe('readFrameFolder', () => {
  it('takes every kind of picture in any spelling, with text around the pattern, and nothing else', async () => {
    const folder = await temporaryFolder()
    const names = [
      'file_num1_frame_1.JPG',
      'file_num1_frame_10.jpeg',
      'pre_file_num1_frame_2_post.Png',
      'file_num2_frame_7.webp',
      'file_num2_frame_7.png',
    ]
    for (const name of [...names, 'other.png', 'file_num1_frame_3.txt', '.file_num1_frame_4.jpg'])
      await writeFile(join(folder, name), '')
    await mkdir(join(folder, 'file_num1_frame_5.jpg'))
    const { sequences, unparsed, passedOver } = await readFrameFolder(folder, frameNaming(undefined))
    expect(sequences.map(({ folder: at }) => at)).toEqual([''])
    expect(sequences[0].frames.map(({ path }) => path.slice(folder.length + 1)).sort()).toEqual(
      [...names].sort(),
    )
    expect(unparsed).toEqual(['other.png'])
    expect(passedOver).toEqual(['file_num1_frame_5.jpg'])
  })

  it.skipIf(isWindows)('follows links to files and folders, and leaves pipes alone', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'elsewhere'))
    await writeFile(join(folder, 'elsewhere/0001.png'), '')
    await mkdir(join(folder, 'frames'))
    await symlink(join(folder, 'elsewhere'), join(folder, 'frames/walk'))
    await symlink(join(folder, 'elsewhere/0001.png'), join(folder, 'frames/0007.png'))
    await symlink(join(folder, 'nowhere'), join(folder, 'frames/broken'))
    expect(spawnSync('mkfifo', [join(folder, 'frames/0008.png')]).status).toBe(0)
    const { sequences } = await readFrameFolder(join(folder, 'frames'), frameNaming('numbered'))
    expect(sequences.map(({ folder: at, frames }) => [at, frames.map(({ frame }) => frame)])).toEqual([
      ['', [7]],
      ['walk', [1]],
    ])
  })
})
