import {
  videoFlags,
  type VideoFlag,
  type VideoRequest,
  type VideoResult,
} from '../../../../shared/contract/videos.ts'
import { formatDuration } from '../../../../shared/domain/format.ts'
import { AppError } from '../../../../shared/errors.ts'
import { asWrongArgument, type Command } from '../command.ts'
import type { Flag, ParsedFlags } from '../flags.ts'

const valueNames: Record<VideoFlag['kind'], string | undefined> = {
  text: 'TEXT',
  path: 'DIR',
  number: 'N',
  list: 'A,B',
  paths: 'TEXT',
  on: undefined,
  off: undefined,
}

const flags: readonly Flag[] = videoFlags.map(({ flag, kind, about }) => {
  const value = valueNames[kind]
  return {
    name: flag.slice(2),
    help: about,
    ...(value === undefined ? {} : { value }),
    isList: kind === 'paths',
  }
})

export const framesToVideo: Command = {
  name: 'frames-to-video',
  summary:
    'Makes videos of predicted frames, beside ground truth. The flags of frames_to_video.py work as they are.',
  flags,
  examples: [
    'frames-to-video --img_dir outputs_eval/exp2_1/test_20260103_220021/gen_imgs/de_nuke --gt_dir data/preprocessed_data/de_nuke/imgs --output_dir videos',
    'frames-to-video --img_dir RUN_A/gen_imgs/de_nuke --gt_dir GT --compare_dir RUN_B/gen_imgs/de_nuke --format webm',
  ],
  async run({ flags: given, session, out }) {
    if (given.text('img_dir') === undefined)
      throw new AppError('usage', 'Give the folder of frames with --img_dir.')
    const job = await session.call('videos.start', requestOf(given, session.workspace)).catch(asWrongArgument)
    const result = (await session.follow(job.id)).result as VideoResult
    for (const clip of result.clips) {
      out.print(
        `${clip.file}  ${clip.frames} frames, ${formatDuration(clip.durationSeconds)}, ${clip.width} × ${clip.height}${clip.isReused ? ', made before' : ''}`,
      )
      for (const name of clip.unreadable) out.note(`  not readable: ${name}`)
      if (clip.missing > 0) out.note(`  ${clip.missing} frames without a counterpart`)
    }
    for (const { track, firstFrame, lastFrame, reason } of result.skippedTracks) {
      out.note(`left out: track ${track}, frames ${firstFrame} to ${lastFrame}: ${reason}`)
    }
    for (const warning of result.warnings) out.note(warning)
    for (const { file, error } of result.failedClips)
      out.note(`failed: ${file}\n${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`)
    if (result.clips.length === 0 && result.failedClips.length === 0)
      out.print('No clip: every track was left out.')
    out.json({ type: 'result', ...result })
    return result.failedClips.length > 0 ? 1 : 0
  },
}

/** Only what was given; the contract knows the defaults. */
function requestOf(given: ParsedFlags, workspace: string): VideoRequest {
  const request: Record<string, unknown> = { workspace }
  for (const { flag, field, kind } of videoFlags) {
    const name = flag.slice(2)
    if (!given.has(name)) continue
    request[field] =
      kind === 'on'
        ? true
        : kind === 'off'
          ? false
          : kind === 'number'
            ? given.number(name)
            : kind === 'list'
              ? given.texts(name).flatMap((text) => text.split(','))
              : kind === 'paths'
                ? given.texts(name)
                : given.text(name)
  }
  return request as VideoRequest
}
