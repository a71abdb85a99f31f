import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStudio } from '../../../support/studio.ts'
import { decode, make, range, temporaryFolder, writeCounterFrames } from './counterFrames.ts'

describe('burned-in scores', () => {
  it('are those that the newest benchmark of the folder has stored, frame by frame', async () => {
    const folder = await temporaryFolder()
    const [prediction, reference] = [join(folder, 'pred'), join(folder, 'gt')]
    await writeCounterFrames(prediction, 1, range(1, 12), 5)
    await writeCounterFrames(reference, 1, range(1, 12), 900)
    const test = openStudio()
    await test.call('workspaces.open', { root: folder })
    const request = { workspace: folder, reference, prediction, groups: ['psnr_ssim'] as ['psnr_ssim'] }
    const benchmark = await test.finished((await test.call('benchmark.start', request)).id)
    const [runId] = (benchmark.result as { runIds: string[] }).runIds
    const table = await test.call('runs.frames', { runId })
    const valueOf = (id: string, index: number) => Number(table.metrics[id][index])

    const video = {
      predictionDir: 'pred',
      scores: ['PSNR', 'ssim'],
      preset: 'archive' as const,
      minFrames: 2,
    }
    const job = await test.call('videos.start', { workspace: folder, outputDir: 'stored', ...video })
    const made = (await test.finished(job.id)).result as { clips: { file: string }[]; warnings: string[] }
    expect(made.warnings).toEqual([])

    // The same clip with the values given by hand: what is drawn must be the very same picture.
    const given = new Map(
      table.name.map((name, index) => [
        name.replace(/\.\w+$/, ''),
        [
          { name: 'PSNR', value: valueOf('PSNR', index) },
          { name: 'SSIM', value: valueOf('SSIM', index) },
        ],
      ]),
    )
    const byHand = await make(folder, { ...video, outputDir: 'given' }, { frameScores: () => given })
    const [stored, expected] = [decode(made.clips[0].file), decode(byHand.clips[0].file)]
    expect(stored.frames).toHaveLength(12)
    for (const [index, frame] of stored.frames.entries())
      expect(Buffer.compare(frame, expected.frames[index])).toBe(0)

    // And without scores it is another one.
    const bare = await make(folder, { ...video, scores: [], outputDir: 'bare' })
    expect(Buffer.compare(stored.frames[3], decode(bare.clips[0].file).frames[3])).not.toBe(0)
    await test.studio.close()
  })
})
