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

const path = z.string().min(1)

/** Defaults are those of `frames_to_video.py`. Paths may be relative to `workspace`. */
export const videoRequest = z.object({
  workspace: path,
  /** The frames: predictions, or anything else that is numbered. */
  predictionDir: path,
  referenceDir: path.optional(),
  /** Further folders of predictions, for the layout `runs`. */
  otherDirs: z.array(path).max(3).default([]),
  outputDir: path.default('comparison_videos'),
  /** `pair` with a reference, `runs` with other folders, else `single`. */
  layout: z.enum(videoLayouts).optional(),
  /** A number or a fraction such as `30000/1001`. */
  fps: z
    .union([z.string(), z.number()])
    .default(10)
    .refine(
      (value) => parseFrameRate(value) !== undefined,
      'Give frames per second, such as 10, 12.5 or 30000/1001 (at most 1000).',
    ),
  /** Longer tracks are cut into several clips. */
  maxDurationSeconds: z.number().positive().max(1e6).default(10),
  minFrames: z.number().int().nonnegative().default(10),
  /** How file names number frames; see `frameNaming`. */
  pattern: z.string().optional(),
  /** Largest step between frame numbers inside one track. */
  maxGap: z.number().int().nonnegative().default(2),
  format: z.enum(videoFormats).default('mp4'),
  preset: z.enum(videoPresets).default('good'),
  encoder: z.enum(videoEncoders).default('software'),
  /** Labels, frame numbers and scores in the picture. */
  drawText: z.boolean().default(true),
  /** Names of the panels, in the order of the folders: prediction, reference (where there is one), others. */
  labels: z.array(z.string().max(200)).max(5).default([]),
  language: z.enum(videoLanguages).default('en'),
  /** Per-frame scores to burn in, such as `PSNR`, from the newest benchmark of these predictions. */
  scores: z.array(z.string().min(1)).max(6).default([]),
  /** Fill panels without keeping the aspect ratio. */
  stretch: z.boolean().default(false),
  /** Width of one panel in pixels; that of the first frame when left out. */
  panelWidth: z.number().int().min(16).max(8192).optional(),
  /** Factor of the differences in the layout `diff`. */
  amplify: z.number().positive().max(255).default(4),
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

export const skippedTrack = span.extend({ reason: z.string() })
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
  /** Field of the request it sets. */
  field: keyof VideoRequest
  /** `list`: may be repeated and takes commas (paths: repeated only). `on`, `off`: takes no value and sets true or false. */
  kind: 'text' | 'path' | 'number' | 'list' | 'paths' | 'on' | 'off'
  choices?: readonly string[]
  about: string
}

/** All flags, in the order the help lists them; the first seven are those of `frames_to_video.py`. */
export const videoFlags: readonly VideoFlag[] = [
  {
    flag: '--img_dir',
    field: 'predictionDir',
    kind: 'path',
    about: 'Folder of frames (predictions). Required.',
  },
  {
    flag: '--gt_dir',
    field: 'referenceDir',
    kind: 'path',
    about: 'Folder of ground-truth frames, shown beside them.',
  },
  {
    flag: '--output_dir',
    field: 'outputDir',
    kind: 'path',
    about: 'Where the videos go (comparison_videos).',
  },
  { flag: '--fps', field: 'fps', kind: 'text', about: 'Frames per second: 10, 12.5, 30000/1001 (10).' },
  {
    flag: '--max_duration',
    field: 'maxDurationSeconds',
    kind: 'number',
    about: 'Longest clip in seconds; longer tracks are cut (10).',
  },
  { flag: '--min_frames', field: 'minFrames', kind: 'number', about: 'Shorter tracks are left out (10).' },
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
    choices: videoLayouts,
    about:
      'pair, single, three-column, diff or runs (pair with --gt_dir, runs with --compare_dir, else single).',
  },
  {
    flag: '--compare_dir',
    field: 'otherDirs',
    kind: 'paths',
    about: 'Another run to put beside the first; up to three times.',
  },
  {
    flag: '--label',
    field: 'labels',
    kind: 'paths',
    about: 'Name of a panel; repeat in the order of --img_dir, --gt_dir, --compare_dir.',
  },
  {
    flag: '--language',
    field: 'language',
    kind: 'text',
    choices: videoLanguages,
    about: 'Language of the words in the picture (en).',
  },
  {
    flag: '--pattern',
    field: 'pattern',
    kind: 'text',
    about: 'How names number frames: numbered, frame_{frame}.png, {recording}_{frame}, frame_%05d.png.',
  },
  {
    flag: '--frame_diff_threshold',
    field: 'maxGap',
    kind: 'number',
    about: 'Largest step between frame numbers of one track (2).',
  },
  {
    flag: '--format',
    field: 'format',
    kind: 'text',
    choices: videoFormats,
    about: 'mp4 (H.264), webm (VP9), webp, gif or mkv (FFV1, lossless) (mp4).',
  },
  {
    flag: '--preset',
    field: 'preset',
    kind: 'text',
    choices: videoPresets,
    about: 'draft, good or archive (good).',
  },
  {
    flag: '--encoder',
    field: 'encoder',
    kind: 'text',
    choices: videoEncoders,
    about: 'software, auto, nvenc, qsv or videotoolbox (software).',
  },
  {
    flag: '--scores',
    field: 'scores',
    kind: 'list',
    about: 'Per-frame scores to burn in, such as PSNR,SSIM.',
  },
  {
    flag: '--panel_width',
    field: 'panelWidth',
    kind: 'number',
    about: 'Width of one panel in pixels (that of the first frame).',
  },
  {
    flag: '--stretch_fps',
    field: 'stretch',
    kind: 'on',
    about: 'Fill panels without keeping the aspect ratio.',
  },
  {
    flag: '--amplify',
    field: 'amplify',
    kind: 'number',
    about: 'Factor of the differences in the layout diff (4).',
  },
  {
    flag: '--map_name',
    field: 'map',
    kind: 'text',
    about: 'Map of the radar panel (from the folder names).',
  },
  {
    flag: '--data_dir',
    field: 'dataDir',
    kind: 'path',
    about: 'Folder of the maps (data/preprocessed_data).',
  },
  { flag: '--map_image', field: 'mapImage', kind: 'path', about: 'Radar picture (that of the map).' },
  {
    flag: '--pose_json',
    field: 'poseFiles',
    kind: 'paths',
    about: 'File with poses; may be repeated (the splits of the map).',
  },
  { flag: '--fresh', field: 'fresh', kind: 'on', about: 'Make clips again that exist already.' },
]
