/** Videos from folders of frames: what is asked, what would be made, what was made. */
import { z } from 'zod'
import { parseFrameRate } from '../domain/frameRate.ts'
import { job } from './jobs.ts'
import { command, query, type ContractPart } from './operation.ts'

export const videoLayouts = ['pair', 'single', 'three-column', 'diff', 'runs'] as const
export type VideoLayout = (typeof videoLayouts)[number]
export const videoFormats = ['mp4', 'webm', 'webp', 'gif', 'mkv'] as const
export type VideoFormat = (typeof videoFormats)[number]
export const videoPresets = ['draft', 'good', 'archive'] as const
export type VideoPreset = (typeof videoPresets)[number]
export const videoEncoders = ['software', 'auto', 'nvenc', 'qsv', 'videotoolbox'] as const
export type VideoEncoder = (typeof videoEncoders)[number]
/** Language of the words we add to pictures; labels of the user's own may be in any. */
export const videoLanguages = ['en', 'zh-CN'] as const
export type VideoLanguage = (typeof videoLanguages)[number]

const path = z.string().min(1, 'Give a path.')
const wholeNumber = z.number().int('Give a whole number.').nonnegative('Give 0 or more.')
const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, `Give one of ${names.join(', ')}.`)

/** Defaults are those of `frames_to_video.py`. Paths may be relative to `workspace`. */
export const videoRequest = z.object({
  workspace: path,
  /** The frames: predictions, or anything else that is numbered. */
  predictionDir: path,
  referenceDir: path.optional(),
  /** Further folders of predictions, for the layout `runs`. */
  otherDirs: z.array(path).max(3, 'Give at most three further folders.').default([]),
  outputDir: path.default('comparison_videos'),
  /** `pair` with a reference, `runs` with other folders, else `single`. */
  layout: oneOf(videoLayouts).optional(),
  /** A number or a fraction such as `30000/1001`. */
  fps: z
    .union([z.string(), z.number()])
    .default(10)
    .refine(
      (value) => parseFrameRate(value) !== undefined,
      'Give frames per second, such as 10, 12.5 or 30000/1001 (at most 1000).',
    ),
  /** Longer tracks are cut into several clips. */
  maxDurationSeconds: z
    .number()
    .positive('Give more than 0 seconds.')
    .max(1e6, 'Give at most 1000000 seconds.')
    .default(10),
  minFrames: wholeNumber.default(10),
  /** How file names number frames; see `frameNaming`. */
  pattern: z.string().optional(),
  /** Largest step between frame numbers inside one track. */
  maxGap: wholeNumber.default(2),
  /** Only this track, counted from 0; every track when left out. */
  trackIndex: wholeNumber.optional(),
  format: oneOf(videoFormats).default('mp4'),
  preset: oneOf(videoPresets).default('good'),
  encoder: oneOf(videoEncoders).default('software'),
  /** Labels, frame numbers and scores in the picture. */
  drawText: z.boolean().default(true),
  /** Names of the panels, in the order of the folders: prediction, reference (where there is one), others. */
  labels: z
    .array(z.string().max(200, 'Give at most 200 characters.'))
    .max(5, 'Give at most five names.')
    .default([]),
  language: oneOf(videoLanguages).default('en'),
  /** Per-frame scores to burn in, such as `PSNR`, from the newest benchmark of these predictions. */
  scores: z.array(z.string().min(1)).max(6, 'Give at most six scores.').default([]),
  /** Fill panels without keeping the aspect ratio. */
  stretch: z.boolean().default(false),
  /** Width of one panel in pixels; that of the first frame when left out. */
  panelWidth: z
    .number()
    .int('Give a whole number.')
    .min(16, 'Give 16 to 8192 pixels.')
    .max(8192, 'Give 16 to 8192 pixels.')
    .optional(),
  /** Factor of the differences in the layout `diff`. */
  amplify: z.number().positive('Give more than 0.').max(255, 'Give at most 255.').default(4),
  /** Map for the radar; found from the folder names when left out. */
  map: z.string().min(1).optional(),
  dataDir: path.default('data/preprocessed_data'),
  mapImage: path.optional(),
  /** Files with poses, later ones winning; the splits of the map when left out. */
  poseFiles: z.array(path).default([]),
  /** Make every clip again. */
  fresh: z.boolean().default(false),
})
export type VideoRequest = z.infer<typeof videoRequest>

/** A clip that was made. */
export const clip = z.object({
  file: z.string(),
  frames: z.number(),
  fps: z.number(),
  width: z.number(),
  height: z.number(),
  durationSeconds: z.number(),
  bytes: z.number(),
  /** True when it was made earlier from the same inputs and settings. */
  isReused: z.boolean(),
  /** Encoder that wrote it, such as `libx264`. */
  encoder: z.string(),
  /** Files that could not be read; their panels say so. */
  unreadable: z.array(z.string()),
  /** Frames for which the reference or another run has no file. */
  missing: z.number(),
  /** A JPEG of the middle frame. */
  poster: z.string().optional(),
  /** Small pictures of evenly spaced frames in one row, as one JPEG. */
  strip: z
    .object({ file: z.string(), tileWidth: z.number(), tileHeight: z.number(), frames: z.array(z.number()) })
    .optional(),
})
export type Clip = z.infer<typeof clip>

const span = z.object({
  /** Recording number, or the name of the folder when one folder is one track. */
  track: z.string(),
  firstFrame: z.number(),
  lastFrame: z.number(),
  frames: z.number(),
})

/** Frames of which no clip is made. */
export const skippedTrack = span.extend({
  /** The whole track is short, or a piece that is left after cutting a longer one. */
  cause: z.enum(['short-track', 'short-piece']),
  /** How many frames it would have needed. */
  fewestFrames: z.number(),
  /** The same as a sentence. */
  reason: z.string(),
})
export type SkippedTrack = z.infer<typeof skippedTrack>

export const videoResult = z.object({
  clips: z.array(clip),
  skippedTracks: z.array(skippedTrack),
  failedClips: z.array(
    z.object({
      file: z.string(),
      error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
    }),
  ),
  warnings: z.array(z.string()),
})
export type VideoResult = z.infer<typeof videoResult>

/** A clip as the database knows it. */
export const storedClip = clip.extend({
  id: z.string(),
  layout: z.enum(videoLayouts),
  track: span,
  settings: z.record(z.string(), z.unknown()),
  createdAt: z.number(),
  isPresent: z.boolean(),
})
export type StoredClip = z.infer<typeof storedClip>

/** Name of a video of frames that a page draws; part of the file's name. */
const recording = z.string().regex(/^\w[\w.-]{3,100}$/, 'Letters, digits, - and _ only.')

/** A video of frames that were handed over by `videos.addDrawn`. */
export const drawnVideoRequest = videoRequest
  .pick({ workspace: true, outputDir: true, fps: true, format: true, preset: true })
  .extend({ recording })
export type DrawnVideoRequest = z.infer<typeof drawnVideoRequest>

export const videos = {
  /** What a request would make; reads names only. */
  'videos.plan': query({
    input: videoRequest,
    output: z.object({
      clips: z.array(span.extend({ file: z.string() })),
      skippedTracks: z.array(skippedTrack),
      warnings: z.array(z.string()),
    }),
  }),
  /** Queues the clips; the job's result is a `videoResult`. */
  'videos.start': command({ input: videoRequest, output: job }),
  /** Hands over one frame as a page has drawn it: base64 of a JPEG, and its number in the video. */
  'videos.addDrawn': command({
    input: z.object({
      recording,
      number: z.number().int().nonnegative().max(9_999_999),
      data: z.string().min(1),
    }),
    output: z.object({ added: z.boolean() }),
  }),
  'videos.startDrawn': command({ input: drawnVideoRequest, output: job }),
  'videos.list': query({
    input: z.object({ limit: z.number().int().positive().max(1000).default(200) }),
    output: z.array(storedClip),
  }),
} satisfies ContractPart

/** A command-line flag of `parallax frames-to-video`, as data for the parser and the help text. */
export type VideoFlag = {
  flag: `--${string}`
  /** Other names, as the user's scripts have them. */
  aliases?: readonly string[]
  /** Field of the request it sets. */
  field: keyof VideoRequest
  /**
   * `list` takes several values behind it, with spaces or commas between; `each` may be repeated, or takes several
   * values behind it. `on` and `off` take none and set true or false.
   */
  kind: 'text' | 'number' | 'list' | 'each' | 'on' | 'off'
  /** What stands for the value in the help. */
  value?: string
  about: string
}

/** All flags, in the order the help lists them; the first seven are those of `frames_to_video.py`. */
export const videoFlags: readonly VideoFlag[] = [
  {
    flag: '--img_dir',
    aliases: ['pred_dir', 'pred'],
    field: 'predictionDir',
    kind: 'text',
    value: 'DIR',
    about: 'Folder of frames (predictions). Required.',
  },
  {
    flag: '--gt_dir',
    aliases: ['gt'],
    field: 'referenceDir',
    kind: 'text',
    value: 'DIR',
    about: 'Folder of ground-truth frames, shown beside them.',
  },
  {
    flag: '--output_dir',
    aliases: ['output'],
    field: 'outputDir',
    kind: 'text',
    value: 'DIR',
    about: 'Where the videos go (comparison_videos).',
  },
  {
    flag: '--fps',
    field: 'fps',
    kind: 'text',
    value: 'RATE',
    about: 'Frames per second: 10, 12.5, 30000/1001 (10).',
  },
  {
    flag: '--max_duration',
    field: 'maxDurationSeconds',
    kind: 'number',
    value: 'SECONDS',
    about: 'Longest clip; longer tracks are cut (10).',
  },
  {
    flag: '--min_frames',
    field: 'minFrames',
    kind: 'number',
    value: 'N',
    about: 'Shorter tracks are left out (10), and pieces shorter than half of it.',
  },
  {
    flag: '--draw_text',
    field: 'drawText',
    kind: 'on',
    about: 'Labels and frame numbers in the picture (on).',
  },
  { flag: '--no_draw_text', field: 'drawText', kind: 'off', about: 'No text in the picture.' },
  {
    flag: '--layout',
    field: 'layout',
    kind: 'text',
    value: 'NAME',
    about:
      'pair, single, three-column, diff or runs (pair with --gt_dir, runs with --compare_dir, else single).',
  },
  {
    flag: '--compare_dir',
    field: 'otherDirs',
    kind: 'each',
    value: 'DIR',
    about: 'Another run to put beside the first; up to three.',
  },
  {
    flag: '--label',
    field: 'labels',
    kind: 'each',
    value: 'TEXT',
    about: 'Name of a panel; repeat in the order of --img_dir, --gt_dir, --compare_dir.',
  },
  {
    flag: '--language',
    field: 'language',
    kind: 'text',
    value: 'en|zh-CN',
    about: 'Language of the words in the picture (en).',
  },
  {
    flag: '--pattern',
    field: 'pattern',
    kind: 'text',
    value: 'FORM',
    about: 'How names number frames: numbered, frame_{frame}.png, {recording}_{frame}, frame_%05d.png.',
  },
  {
    flag: '--frame_diff_threshold',
    field: 'maxGap',
    kind: 'number',
    value: 'N',
    about: 'Largest step between frame numbers of one track (2).',
  },
  {
    flag: '--track_index',
    field: 'trackIndex',
    kind: 'number',
    value: 'N',
    about: 'Only this track, counted from 0 (all).',
  },
  {
    flag: '--format',
    field: 'format',
    kind: 'text',
    value: 'NAME',
    about: 'mp4 (H.264), webm (VP9), webp, gif or mkv (FFV1, lossless) (mp4).',
  },
  {
    flag: '--preset',
    field: 'preset',
    kind: 'text',
    value: 'NAME',
    about: 'draft, good or archive (good).',
  },
  {
    flag: '--encoder',
    field: 'encoder',
    kind: 'text',
    value: 'NAME',
    about: 'software, auto, nvenc, qsv or videotoolbox (software).',
  },
  {
    flag: '--scores',
    field: 'scores',
    kind: 'list',
    value: 'A,B',
    about: 'Per-frame scores to burn in, such as PSNR,SSIM.',
  },
  {
    flag: '--panel_width',
    aliases: ['panel_size'],
    field: 'panelWidth',
    kind: 'number',
    value: 'PIXELS',
    about: 'Width of one panel (that of the first frame).',
  },
  {
    flag: '--stretch_fps',
    aliases: ['stretch'],
    field: 'stretch',
    kind: 'on',
    about: 'Fill panels without keeping the proportions.',
  },
  {
    flag: '--amplify',
    field: 'amplify',
    kind: 'number',
    value: 'N',
    about: 'Factor of the differences in the layout diff (4).',
  },
  {
    flag: '--map_name',
    field: 'map',
    kind: 'text',
    value: 'NAME',
    about: 'Map of the radar panel (from the folder names).',
  },
  {
    flag: '--data_dir',
    field: 'dataDir',
    kind: 'text',
    value: 'DIR',
    about: 'Folder of the maps (data/preprocessed_data).',
  },
  {
    flag: '--map_image',
    field: 'mapImage',
    kind: 'text',
    value: 'FILE',
    about: 'Radar picture (that of the map).',
  },
  {
    flag: '--pose_json',
    field: 'poseFiles',
    kind: 'each',
    value: 'FILE',
    about: 'File with poses; may be repeated (the splits of the map).',
  },
  { flag: '--fresh', field: 'fresh', kind: 'on', about: 'Make clips again that exist already.' },
]

/**
 * Flags of `visualize_csgo_three_column_video.py` that commands may carry and that change nothing here, with the reason.
 * Those with a value name it.
 */
export const idleVideoFlags: readonly { flag: `--${string}`; value?: string; because: string }[] = [
  { flag: '--all_tracks', because: 'every track is made unless --track_index names one' },
  { flag: '--min_track_len', value: 'N', because: '--min_frames decides' },
  { flag: '--codec', value: 'NAME', because: '--format, --preset and --encoder decide' },
  { flag: '--crop_pred_to_gt', because: 'pictures are fitted, never cropped' },
  { flag: '--no_crop_pred_to_gt', because: 'pictures are fitted, never cropped' },
  { flag: '--skip_missing', because: 'a frame that lacks something stays and says so' },
]
