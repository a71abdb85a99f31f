import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { joinFrames } from '../../../../src/main/core/compare/joinFrames.ts'
import { decodeRgb } from '../../../../src/main/core/images/decode.ts'
import { ballot } from '../../../../src/shared/domain/compare/votes.ts'
import { temporaryFolder } from '../../../support/frames.ts'
import {
  numberedName,
  numberedPixels,
  writeNumberedFrames,
  type NumberedSource,
} from '../../../support/numberedFrames.ts'
import { writeNumberedVideo } from '../../../support/numberedVideo.ts'
import { openStudio, type TestStudio } from '../../../support/studio.ts'

const truth: NumberedSource = { width: 64, height: 48, ground: [20, 40, 60] }
const bright: NumberedSource = { width: 64, height: 48, ground: [60, 90, 100] }
const root = temporaryFolder('compare')
const imgs = join(root, 'data/preprocessed_data/de_test/imgs')
const folderOf = (name: string) => join(root, `outputs_eval/${name}/test_20260101_101010/gen_imgs/de_test`)
let test: TestStudio
const runs: Record<'bright' | 'dark', string> = { bright: '', dark: '' }

beforeAll(async () => {
  test = openStudio()
  await writeNumberedFrames(imgs, truth, 12)
  await writeNumberedFrames(folderOf('bright'), bright, 12)
  cpSync(imgs, folderOf('dark'), { recursive: true })
  // Frames 4 and 5 were never predicted by one run; its frame 7 is damaged.
  rmSync(join(folderOf('dark'), numberedName(4)))
  rmSync(join(folderOf('dark'), numberedName(5)))
  writeFileSync(join(folderOf('dark'), numberedName(7)), 'not a picture')
  await test.call('workspaces.open', { root })
  for (const name of ['bright', 'dark'] as const) {
    const job = await test.call('benchmark.start', {
      workspace: root,
      reference: imgs,
      prediction: folderOf(name),
      groups: ['psnr_ssim'],
    })
    runs[name] = ((await test.finished(job.id)).result as { runIds: string[] }).runIds[0]
  }
}, 60_000)

afterAll(() => test.studio.close())

const floats = (base64: string) => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return new Float32Array(bytes.buffer)
}

describe('opening a comparison', () => {
  it('joins runs by file name and says what is missing or failed in each', async () => {
    const opened = await test.call('compare.open', { runIds: [runs.dark, runs.bright] })
    expect(opened.names).toEqual(Array.from({ length: 12 }, (_, index) => numberedName(index)))
    expect(opened.trackStarts).toEqual([0])
    const [dark, whole] = opened.runs
    expect([...Buffer.from(dark.states, 'base64')]).toEqual([1, 1, 1, 1, 0, 0, 1, 2, 1, 1, 1, 1])
    expect([...Buffer.from(whole.states, 'base64')]).toEqual(Array(12).fill(1))
    expect(dark.failures).toMatchObject([{ position: 7 }])
    const index = new Int32Array(Uint8Array.from(Buffer.from(dark.frameIndex, 'base64')).buffer)
    expect([...index]).toEqual([0, 1, 2, 3, -1, -1, 4, 5, 6, 7, 8, 9])
  })

  it('gives the same values as the table of the run, infinity and gaps included', async () => {
    const opened = await test.call('compare.open', { runIds: [runs.dark] })
    const psnr = floats(opened.runs[0].columns.PSNR)
    expect(psnr[0]).toBe(Infinity)
    expect([psnr[4], psnr[7]]).toEqual([NaN, NaN])
    const table = await test.call('runs.frames', { runId: runs.bright })
    const ssim = floats((await test.call('compare.open', { runIds: [runs.bright] })).runs[0].columns.SSIM)
    expect([...ssim]).toEqual(table.metrics.SSIM.map((value) => Math.fround(Number(value))))
  })

  it('opens although a folder is gone, and says so', async () => {
    const other = join(root, 'away')
    cpSync(folderOf('bright'), other, { recursive: true })
    const job = await test.call('benchmark.start', {
      workspace: root,
      reference: imgs,
      prediction: other,
      groups: ['psnr_ssim'],
    })
    const [id] = ((await test.finished(job.id)).result as { runIds: string[] }).runIds
    rmSync(other, { recursive: true })
    const opened = await test.call('compare.open', { runIds: [id] })
    expect(opened.names).toHaveLength(12)
    expect(opened.cautions.join()).toContain(other)
  })
})

describe('joining frames', () => {
  it('lists ground truth only between predicted frames of the same recording', () => {
    const name = (recording: number, frame: number) => `file_num${recording}_frame_${frame}.jpg`
    const reference = [name(1, 2), name(1, 4), name(1, 6), name(1, 20), name(2, 5), name(10, 1)]
    const { names, trackStarts, inReference, positions } = joinFrames(reference, [
      [name(10, 1), name(1, 6), name(1, 2)],
      [name(1, 8)],
    ])
    expect(names).toEqual([name(1, 2), name(1, 4), name(1, 6), name(1, 8), name(10, 1)])
    expect(trackStarts).toEqual([0, 4])
    expect([...inReference]).toEqual(names.map((one) => Number(reference.includes(one))))
    expect(positions.map((list) => [...list])).toEqual([[4, 2, 0], [3]])
  })

  it('orders names of another form by their numbers, as one track', () => {
    expect(joinFrames([], [['img_10.png', 'img_9.png', 'img_200.png']])).toMatchObject({
      names: ['img_9.png', 'img_10.png', 'img_200.png'],
      trackStarts: [0],
    })
  })

  it('joins 100 000 frames', () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `file_num${index % 40}_frame_${index}.jpg`)
    expect(joinFrames(names, [names]).names).toHaveLength(100_000)
  })
})

describe('maps of metrics', () => {
  it('have the score of the frame as their mean', async () => {
    const name = numberedName(3)
    const map = await test.call('compare.map', {
      runId: runs.bright,
      kind: 'ssim',
      reference: name,
      prediction: name,
    })
    const table = await test.call('runs.frames', { runId: runs.bright })
    expect(map).toMatchObject({ width: 224, height: 224 })
    expect(floats(map.data)).toHaveLength(224 * 224)
    expect(map.mean).toBeCloseTo(Number(table.metrics.SSIM[3]), 5)
  })

  it('refuse names that lead out of the folder', async () => {
    await expect(
      test.call('compare.map', {
        runId: runs.bright,
        kind: 'ssim',
        reference: '../x.png',
        prediction: 'x.png',
      }),
    ).rejects.toMatchObject({ code: 'usage' })
  })
})

describe('exact pictures', () => {
  it('hold the pixels that metrics see, and are refused outside the workspaces', async () => {
    const turned = join(imgs, 'turned.jpg')
    await sharp(numberedPixels(truth, 1), { raw: { width: 64, height: 48, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(turned)
    const { path } = await test.call('compare.picture', { path: turned })
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true })
    const seen = await decodeRgb(readFileSync(turned))
    expect([info.width, info.height]).toEqual([64, 48])
    expect(Buffer.compare(data, Buffer.from(seen.data))).toBe(0)
    rmSync(turned)
    await expect(test.call('compare.picture', { path: '/etc/hostname.png' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('markers', () => {
  it('belong to a frame of the ground truth, one each, and stay', async () => {
    const first = await test.call('compare.setMarker', {
      referenceDir: imgs,
      name: numberedName(2),
      text: 'ghosting',
    })
    const again = await test.call('compare.setMarker', {
      referenceDir: imgs,
      name: numberedName(2),
      text: 'ghost',
    })
    expect(again.id).toBe(first.id)
    expect(await test.call('compare.markers', { referenceDir: imgs })).toMatchObject([{ text: 'ghost' }])
    expect(await test.call('compare.markers', { referenceDir: '/elsewhere' })).toEqual([])
    expect(await test.call('compare.removeMarker', { id: first.id })).toEqual({ removed: true })
  })
})

describe('saving frames', () => {
  it('joins sources without changing a pixel and lays out a contact sheet', async () => {
    const job = await test.call('compare.saveFrames', {
      runIds: [runs.bright, runs.dark],
      names: [numberedName(2), numberedName(4)],
      sources: ['reference', runs.bright, runs.dark].map((id) => ({
        id,
        pictures: [numberedName(2), numberedName(4)],
      })),
      outputDir: 'saved',
    })
    const { status, result } = await test.finished(job.id)
    expect([status, result]).toEqual([
      'done',
      {
        folder: join(root, 'saved'),
        files: 3,
        contactSheet: join(root, 'saved', 'contact_sheet.png'),
        missing: [join(folderOf('dark'), numberedName(4))],
      },
    ])
    const { data, info } = await sharp(join(root, 'saved', numberedName(2)))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([3 * 64 + 2 * 8, 48 + 28])
    const stored = numberedPixels(bright, 2)
    for (let y = 0; y < 48; y++) {
      const row = data.subarray((y * info.width + 72) * 3, (y * info.width + 72 + 64) * 3)
      expect(Buffer.compare(row, Buffer.from(stored.subarray(y * 64 * 3, (y + 1) * 64 * 3)))).toBe(0)
    }
  })

  it('writes one file per source when asked, named after it', async () => {
    const job = await test.call('compare.saveFrames', {
      runIds: [runs.bright],
      names: [numberedName(0)],
      sources: [{ id: runs.bright, pictures: [numberedName(0)] }],
      outputDir: join(root, 'single'),
      files: 'separate',
      contactSheet: false,
    })
    expect((await test.finished(job.id)).result).toMatchObject({ files: 1 })
    const file = join(
      root,
      'single',
      `${numberedName(0).replace('.png', '')}_bright_test_20260101_101010.png`,
    )
    expect(Buffer.compare(await sharp(file).raw().toBuffer(), Buffer.from(numberedPixels(bright, 0)))).toBe(0)
  })
})

describe('saving what is shifted, and frames of videos', () => {
  it('takes from each source the picture it shows, and leaves out what it does not have', async () => {
    const clip = join(root, 'clip.mkv')
    if (!(await writeNumberedVideo(clip, truth, 12, { encoder: 'ffv1', args: ['-pix_fmt', 'bgr0'] })))
      return void console.warn('Skipped: this ffmpeg cannot write FFV1.')
    const job = await test.call('compare.saveFrames', {
      runIds: [runs.bright],
      clips: [clip],
      names: [numberedName(0), numberedName(11)],
      sources: [
        { id: runs.bright, pictures: [numberedName(1), null] },
        { id: clip, pictures: [0, 11] },
      ],
      outputDir: 'shifted',
      files: 'separate',
    })
    expect((await test.finished(job.id)).result).toMatchObject({ files: 4, missing: [] })
    const stem = (index: number) => numberedName(index).replace('.png', '')
    const saved = (name: string) =>
      sharp(join(root, 'shifted', name))
        .raw()
        .toBuffer()
    const shifted = await saved(`${stem(0)}_bright_test_20260101_101010.png`)
    expect(Buffer.compare(shifted, Buffer.from(numberedPixels(bright, 1)))).toBe(0)
    const frame = await saved(`${stem(11)}_clip.mkv.png`)
    expect(Buffer.compare(frame, Buffer.from(numberedPixels(truth, 11)))).toBe(0)
  })

  it('works for videos alone, beside which the pictures go', async () => {
    const clip = join(root, 'clip.mkv')
    const { id } = await test.call('compare.saveFrames', {
      clips: [clip],
      names: ['4'],
      sources: [{ id: clip, pictures: [3] }],
      outputDir: 'alone',
      contactSheet: false,
    })
    expect((await test.finished(id)).result).toMatchObject({ folder: join(root, 'alone'), files: 1 })
  })
})

describe('blind votes', () => {
  it('show neither names nor folders of runs to the one who votes', async () => {
    const session = await test.call('compare.startVote', { runIds: [runs.bright, runs.dark], questions: 5 })
    const told = [
      session,
      await test.call('compare.ballot', { sessionId: session.id }),
      await test.call('compare.voteSessions', {}),
    ]
    expect(JSON.stringify(told)).not.toMatch(/bright|dark|outputs_eval|file_num/)
    for (const id of Object.values(runs)) expect(JSON.stringify(told)).not.toContain(id)
  })

  it('ask each open question once, with the pictures it is about', async () => {
    const { id } = await test.call('compare.startVote', { runIds: [runs.bright, runs.dark], questions: 3 })
    const { session } = await test.call('compare.votes', { sessionId: id })
    const asked = ballot(session.frames, 2, 3, session.seed)
    for (const [at, { frame, left, right }] of asked.entries()) {
      const { next, after } = await test.call('compare.ballot', { sessionId: id })
      expect([next?.question, after?.question]).toEqual([at, at < 2 ? at + 1 : undefined])
      const folders = [folderOf('bright'), folderOf('dark')]
      for (const [shown, stored] of [
        [next!.left, join(folders[left], frame)],
        [next!.right, join(folders[right], frame)],
        [next!.reference, join(imgs, frame)],
      ])
        expect(
          Buffer.compare(await sharp(shown).raw().toBuffer(), await sharp(stored).raw().toBuffer()),
        ).toBe(0)
      await test.call('compare.vote', { sessionId: id, question: at, choice: 'tie', seconds: 1 })
    }
    expect(await test.call('compare.ballot', { sessionId: id })).not.toHaveProperty('next')
  })

  it('ask about frames both runs have, keep every answer with what was asked, and take the last one back', async () => {
    const { id } = await test.call('compare.startVote', { runIds: [runs.bright, runs.dark], questions: 6 })
    const { session } = await test.call('compare.votes', { sessionId: id })
    expect(session.frames).toHaveLength(9)
    const questions = ballot(session.frames, 2, 6, session.seed)
    const answer = (question: number, choice: 'left' | 'tie') =>
      test.call('compare.vote', { sessionId: session.id, question, choice, seconds: 1.5 })
    await answer(0, 'left')
    expect(await answer(1, 'tie')).toEqual({ votes: 2 })
    expect(await test.call('compare.undoVote', { sessionId: session.id })).toEqual({ votes: 1 })
    const { votes } = await test.call('compare.votes', { sessionId: session.id })
    expect(votes).toMatchObject([{ question: 0, ...questions[0], choice: 'left', seconds: 1.5 }])
    const { text } = await test.call('compare.exportVotes', { sessionId: session.id, format: 'csv' })
    const [header, row, end] = text.split('\n')
    expect(header).toBe('question,frame,left_run,left_label,right_run,right_label,choice,seconds,at')
    expect(row).toContain(`0,${questions[0].frame},${session.runIds[questions[0].left]}`)
    expect(end).toBe('')
    await expect(
      test.call('compare.vote', { sessionId: session.id, question: 6, choice: 'left', seconds: 0 }),
    ).rejects.toMatchObject({ code: 'usage' })
  })
})
