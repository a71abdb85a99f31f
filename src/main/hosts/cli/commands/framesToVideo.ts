import type { z } from 'zod'
import {
  idleVideoFlags,
  videoFlags,
  videoRequest,
  type Clip,
  type SkippedTrack,
  type VideoFlag,
  type VideoResult,
} from '../../../../shared/contract/videos.ts'
import { counted } from '../../../../shared/domain/format.ts'
import { AppError } from '../../../../shared/errors.ts'
import { asWrongArgument, type Command } from '../command.ts'
import type { Flag, ParsedFlags } from '../flags.ts'

type VideoInput = z.input<typeof videoRequest>

const nameOf = (flag: string) => flag.slice(2)

const flags: readonly Flag[] = [
  ...videoFlags.map(({ flag, aliases, kind, value, about }) => ({
    name: nameOf(flag),
    help: about,
    ...(aliases ? { aliases } : {}),
    ...(value === undefined ? {} : { value }),
    isList: kind === 'each' || kind === 'list',
  })),
  ...idleVideoFlags.map(({ flag, value, because }) => ({
    name: nameOf(flag),
    help: `Accepted, changes nothing: ${because}.`,
    ...(value === undefined ? {} : { value }),
  })),
]

export const framesToVideo: Command = {
  name: 'frames-to-video',
  summary:
    'Makes videos of predicted frames, beside ground truth. The flags of frames_to_video.py work as they are.',
  flags,
  examples: [
    'frames-to-video --img_dir outputs_eval/exp2_1/test_20260103_220021/gen_imgs/de_nuke --gt_dir data/preprocessed_data/de_nuke/imgs --output_dir videos',
    'frames-to-video --img_dir RUN_A/gen_imgs/de_nuke --gt_dir GT --compare_dir RUN_B/gen_imgs/de_nuke --format webm',
    'frames-to-video --img_dir RUN/gen_imgs/de_nuke --gt_dir GT --layout three-column --scores PSNR,SSIM',
    'frames-to-video --img_dir renders --pattern numbered --fps 24 --max_duration 600',
  ],
  async run({ flags: given, session, out }) {
    const [stray] = given.positionals
    if (stray !== undefined)
      throw new AppError('usage', `"${stray}" belongs to no flag.`, {
        hint: 'Folders are given with --img_dir and --gt_dir.',
      })
    if (given.text('img_dir') === undefined)
      throw new AppError('usage', 'Give the folder of frames with --img_dir.')
    for (const { flag, because } of idleVideoFlags)
      if (given.has(nameOf(flag))) out.note(`${flag} changes nothing: ${because}.`)
    const request = requestOf(given, session.workspace)
    const job = await session.call('videos.start', request).catch(asWrongArgument)
    // What was odd on the way (warnings, unreadable frames, failed clips) is in the job's log and was shown already.
    const result = (await session.follow(job.id)).result as VideoResult
    for (const clip of result.clips) out.print(clipLine(clip))
    for (const line of skippedLines(result.skippedTracks)) out.note(line)
    if (result.clips.length === 0 && result.failedClips.length === 0)
      out.print(`No clip: every track was left out.${hintOfLongest(result.skippedTracks)}`)
    out.json({ type: 'result', ...result })
    return result.failedClips.length > 0 ? 1 : 0
  },
}

function clipLine({ file, frames, durationSeconds, width, height, isReused, missing }: Clip): string {
  return [
    `${file}  ${counted(frames, 'frame')}`,
    `${Number(durationSeconds.toFixed(2))} s`,
    `${width} × ${height}`,
    ...(missing > 0 ? [`${missing} without a counterpart`] : []),
    ...(isReused ? ['made before'] : []),
  ].join(', ')
}

const mostSkippedLines = 8

/** A folder of single frames has thousands of tracks that are too short: a few tell the rest. */
function skippedLines(skipped: readonly SkippedTrack[]): string[] {
  const lines = skipped
    .slice(0, mostSkippedLines)
    .map(
      ({ track, firstFrame, lastFrame, reason }) =>
        `left out: track ${track}, frames ${firstFrame} to ${lastFrame}: ${reason}`,
    )
  const rest = skipped.length - lines.length
  return rest > 0 ? [...lines, `left out: ${counted(rest, 'more track')}`] : lines
}

function hintOfLongest(skipped: readonly SkippedTrack[]): string {
  if (skipped.some(({ cause }) => cause === 'short-piece'))
    return ' Clips of this length are shorter than half of --min_frames: raise --max_duration or lower --min_frames.'
  const longest = skipped.reduce((most, { frames }) => Math.max(most, frames), 0)
  return longest === 0
    ? ''
    : ` The longest has ${counted(longest, 'frame')}; --min_frames ${longest} would keep it.`
}

/** Only what was given; the contract knows the defaults. @throws AppError `usage` that names the flag. */
function requestOf(given: ParsedFlags, workspace: string): VideoInput {
  const request: Record<string, unknown> = { workspace }
  for (const { flag, field, kind } of videoFlags)
    if (given.has(nameOf(flag))) request[field] = valueOf(given, nameOf(flag), kind)
  // `-1` means every track in the user's scripts.
  if (request.trackIndex === -1) delete request.trackIndex
  const { error } = videoRequest.safeParse(request)
  const [issue] = error?.issues ?? []
  if (issue) {
    const flag = videoFlags.find(({ field, kind }) => field === issue.path[0] && kind !== 'off')?.flag ?? ''
    throw new AppError('usage', `${flag} ${given.text(nameOf(flag)) ?? ''}: ${issue.message}`, {
      hint: 'See parallax frames-to-video --help.',
    })
  }
  return request as VideoInput
}

function valueOf(given: ParsedFlags, name: string, kind: VideoFlag['kind']): unknown {
  switch (kind) {
    case 'on':
      return true
    case 'off':
      return false
    case 'number':
      return given.number(name)
    case 'list':
      return given
        .texts(name)
        .flatMap((text) => text.split(','))
        .map((text) => text.trim())
        .filter((text) => text !== '')
    case 'each':
      return given.texts(name)
    case 'text':
      return given.text(name)
  }
}
