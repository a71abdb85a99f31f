/** `parallax frames-to-video` as people and scripts use it: real processes, their lines and exit codes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VideoResult } from '../../../../src/shared/contract/videos.ts'
import { runCli, type CliResult } from '../../../support/cli.ts'
import { temporaryFolder as homeFolder } from '../../../support/frames.ts'
import {
  decode,
  range,
  readCounter,
  temporaryFolder,
  writeCounterFrames,
} from '../../core/videos/counterFrames.ts'

const referenceData = process.env.PARALLAX_REFERENCE_DATA

const framesToVideo = (
  cwd: string,
  args: readonly string[],
  options: Partial<Parameters<typeof runCli>[1]> = {},
) => runCli(['frames-to-video', ...args], { home: options.home ?? homeFolder('home'), cwd, ...options })
const resultOf = ({ json }: CliResult) => json.at(-1) as VideoResult & { type: string }
const partsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.part'))

describe('parallax frames-to-video', () => {
  it('prints each clip, and ends with one JSON line', async () => {
    const root = await temporaryFolder()
    const home = homeFolder('home')
    await writeCounterFrames(join(root, 'pred'), 3, [...range(1, 24), ...range(40, 43)])
    await writeCounterFrames(join(root, 'gt'), 3, range(2, 24), 1000)
    const args = [
      '--img_dir',
      'pred',
      '--gt_dir=gt',
      '--output_dir',
      'out',
      '--fps',
      '12.5',
      '--max_duration',
      '1',
    ]
    const plain = await framesToVideo(root, args, { home })
    expect(plain.status).toBe(0)
    const [first, second] = ['compare_file3_f1_to_f12.mp4', 'compare_file3_f13_to_f24.mp4'].map((name) =>
      join(root, 'out', name),
    )
    expect(plain.stdout.split('\n')).toEqual([
      `${first}  12 frames, 0.96 s, 330 × 120, 1 without a counterpart`,
      `${second}  12 frames, 0.96 s, 330 × 120`,
      '',
    ])
    expect(plain.stderr).toBe('left out: track 3, frames 40 to 43: Shorter than 10 frames.\n')

    const result = resultOf(await framesToVideo(root, [...args, '--json'], { home }))
    expect(result).toMatchObject({
      type: 'result',
      clips: [
        {
          file: first,
          frames: 12,
          fps: 12.5,
          width: 330,
          height: 120,
          durationSeconds: 0.96,
          isReused: true,
        },
        { file: second, isReused: true },
      ],
      skippedTracks: [{ track: '3', firstFrame: 40, lastFrame: 43, frames: 4 }],
      failedClips: [],
    })
  })

  it('takes the flags of the three-column script, and says which of them change nothing', async () => {
    const root = await temporaryFolder()
    await writeCounterFrames(join(root, 'pred'), 1, range(1, 12))
    await writeCounterFrames(join(root, 'pred'), 2, range(1, 12))
    const { status, stdout, stderr } = await framesToVideo(root, [
      ...['--pred', 'pred', '--gt', 'pred', '--output', 'out', '--panel_size', '80', '--track_index', '1'],
      ...['--frame_diff_threshold', '2', '--min_track_len', '1', '--codec', 'mp4v', '--no_crop_pred_to_gt'],
      ...['--pose_json', 'auto', '--map_name', 'auto', '--draw_text', '--skip_missing'],
    ])
    expect(status).toBe(0)
    expect(stdout).toContain('compare_file2_f1_to_f12.mp4  12 frames, 1.2 s, 170 × 60')
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(stderr.split('\n').filter((line) => line.includes('changes nothing'))).toHaveLength(4)
  })

  it.each([
    [['--img_dir', 'pred', '--layout', 'quad'], '--layout quad: Give one of pair, single'],
    [['--img_dir', 'pred', '--min_frames', '2.5'], '--min_frames 2.5: Give a whole number.'],
    [['--img_dir', 'pred', '--fps', '0'], '--fps 0: Give frames per second'],
    [['--img_dir', 'pred', '--panel_size', '3'], '--panel_width 3: Give 16 to 8192 pixels.'],
    [['--img_dir', 'pred', 'gt'], '"gt" belongs to no flag.'],
    [['--img_dri', 'pred'], 'Did you mean --img_dir?'],
    [['--gt_dir', 'pred'], 'Give the folder of frames with --img_dir.'],
    [['--img_dir', 'nowhere'], 'does not exist'],
    [['--img_dir', 'pred', '--layout', 'diff'], 'Add --gt_dir'],
  ])('refuses %j before anything is started', async (args, words) => {
    const root = await temporaryFolder()
    await writeCounterFrames(join(root, 'pred'), 1, range(1, 10))
    const { status, stderr, stdout } = await framesToVideo(root, args)
    expect(stderr).toContain(words)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(readdirSync(root)).toEqual(['pred'])
  })

  it('says each thing that was odd once', async () => {
    const root = await temporaryFolder()
    await writeCounterFrames(join(root, 'pred'), 1, range(1, 12))
    await writeCounterFrames(join(root, 'gt'), 2, range(1, 12))
    const { stderr, status } = await framesToVideo(root, [
      '--img_dir',
      'pred',
      '--gt_dir',
      'gt',
      '--output_dir',
      'out',
    ])
    expect(status).toBe(0)
    expect(stderr.split('Are these the right folders?')).toHaveLength(2)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'on %s keeps what is finished and leaves nothing else',
    async (signal) => {
      const root = await temporaryFolder()
      const home = homeFolder('home')
      await writeCounterFrames(join(root, 'pred'), 1, range(1, 10))
      await writeCounterFrames(join(root, 'pred'), 2, range(1, 600))
      const args = ['--img_dir', 'pred', '--output_dir', 'out', '--max_duration', '100', '--json']
      const { status, json, stderr } = await framesToVideo(root, args, {
        home,
        // The short clip is finished long before this much of the long one.
        once: { when: /"done":(1[5-9]\d|[2-6]\d\d)/, act: (kill) => kill(signal) },
      })
      expect(status).toBe(130)
      expect(json.at(-1)).toMatchObject({ type: 'error', error: { code: 'cancelled' } })
      expect(stderr).toContain('1 of 2 clips had been finished and is kept.')
      expect(readdirSync(join(root, 'out'))).toEqual(['track_1_f1_to_f10.mp4'])

      const again = resultOf(await framesToVideo(root, args, { home }))
      expect(again.clips.map(({ frames, isReused }) => [frames, isReused])).toEqual([
        [10, true],
        [600, false],
      ])
    },
  )

  it('is cancelled by another process', async () => {
    const root = await temporaryFolder()
    const home = homeFolder('home')
    await writeCounterFrames(join(root, 'pred'), 1, range(1, 900))
    // Large pictures and a slow preset: the clip takes far longer than two more processes.
    const args = ['--img_dir', 'pred', '--output_dir', 'out', '--max_duration', '100', '--json']
    let cancelling: Promise<CliResult> | undefined
    const cancel = async () => {
      const { json } = await runCli(['jobs', 'list', '--json'], { home })
      const [job] = json as { id: string }[]
      return await runCli(['jobs', 'cancel', job.id], { home })
    }
    const { status } = await framesToVideo(root, [...args, '--panel_width', '1600', '--preset', 'archive'], {
      home,
      once: { when: /"done":[1-9]/, act: () => (cancelling = cancel()) },
    })
    expect((await cancelling)?.status).toBe(0)
    expect(status).toBe(130)
    expect(readdirSync(join(root, 'out'))).toEqual([])
  })

  it('made twice at once gives the same whole clips', async () => {
    const root = await temporaryFolder()
    const home = homeFolder('home')
    for (const recording of [1, 2]) await writeCounterFrames(join(root, 'pred'), recording, range(1, 60))
    const args = ['--img_dir', 'pred', '--output_dir', 'out', '--json']
    const both = await Promise.all([framesToVideo(root, args, { home }), framesToVideo(root, args, { home })])
    for (const one of both) {
      expect(one.status).toBe(0)
      expect(resultOf(one).clips.map(({ frames }) => frames)).toEqual([60, 60])
    }
    expect(partsIn(join(root, 'out'))).toEqual([])
    for (const { file } of resultOf(both[0]).clips)
      expect(decode(file).frames.map((rgb) => readCounter(rgb, 160))).toEqual(range(1, 60))
  })

  it.skipIf(referenceData === undefined)(
    'runs the twelve recorded commands as they are (needs PARALLAX_REFERENCE_DATA)',
    async () => {
      const record = readFileSync(join(referenceData ?? '', 'data/record.md'), 'utf8')
      const commands = [...record.matchAll(/python frames_to_video\.py ([^`\n]+)/g)].map(([, args]) =>
        args.trim().split(/\s+/),
      )
      expect(commands).toHaveLength(12)
      const root = await temporaryFolder()
      const home = homeFolder('home')
      const valueOf = (args: string[], flag: string) => args[args.indexOf(flag) + 1]
      for (const folder of new Set(commands.map((args) => valueOf(args, '--gt_dir'))))
        await writeCounterFrames(join(root, folder), 12, range(1, 40), 1000)
      for (const args of commands) {
        await writeCounterFrames(join(root, valueOf(args, '--img_dir')), 12, range(3, 25, 2))
        const { status, stdout, stderr } = await framesToVideo(root, args, { home })
        expect(status, stderr).toBe(0)
        const file = join(root, valueOf(args, '--output_dir'), 'compare_file12_f3_to_f25.mp4')
        expect(stdout).toBe(`${file}  12 frames, 1.2 s, 330 × 120\n`)
        const { frames } = decode(file)
        expect(frames.map((rgb) => readCounter(rgb, 330))).toEqual(range(3, 25, 2))
        expect(frames.map((rgb) => readCounter(rgb, 330, 170))).toEqual(range(1003, 1025, 2))
      }
    },
  )
})
