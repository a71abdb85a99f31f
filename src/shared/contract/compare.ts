/** Looking at runs side by side: the joined frames, maps of metrics, radar, markers, saved frames, blind votes. */
import { z } from 'zod'
import { voteChoices } from '../domain/compare/votes.ts'
import { score } from '../domain/score.ts'
import { job } from './jobs.ts'
import { command, query, type ContractPart } from './operation.ts'

const runIds = z.array(z.string().min(1)).min(1).max(8)

/** Absolute paths of videos. */
const clips = z.array(z.string().min(1).max(4000)).max(4)

/** State of one frame in one run, as a number in `states`. */
export const frameStates = ['missing', 'ok', 'failed', 'unmeasured'] as const
export type FrameState = (typeof frameStates)[number]

/** A video whose frames stand beside those of the runs. */
export const comparedClip = z.object({
  path: z.string(),
  /** File name. */
  label: z.string(),
  frames: z.number(),
  width: z.number(),
  height: z.number(),
  framesPerSecond: z.number(),
  /** ffmpeg's names, such as `h264` and `yuv420p10le`. */
  codec: z.string(),
  pixelFormat: z.string(),
  /** Bits per colour in the file; pages show 8. */
  bits: z.number(),
  /** Position of the clip's first frame. */
  first: z.number(),
})
export type ComparedClip = z.infer<typeof comparedClip>

export const comparedRun = z.object({
  id: z.string(),
  label: z.string(),
  experiment: z.string(),
  timestamp: z.string(),
  protocol: z.string(),
  predictionDir: z.string(),
  sets: z.record(z.string(), score),
  /** Base64 of one byte per frame: index into `frameStates`. */
  states: z.string(),
  /** Base64 of little-endian int32: the frame's index in this run's own table, -1 where it has none. */
  frameIndex: z.string(),
  /** Base64 of little-endian float32 per frame, NaN where there is no value; PSNR may be infinite. */
  columns: z.record(z.string(), z.string()),
  failures: z.array(z.object({ position: z.number(), reason: z.string() })),
})

/**
 * Runs of one ground-truth folder joined by file name. Frames stand in the order of recording and frame number; a
 * ground-truth frame that a run lacks is listed when it lies between predicted frames of the same recording. Clips
 * made from frames stand where those frames stand, others begin at the first position. Without runs there is no map
 * and no ground truth: `referenceDir` is the first clip and names are frame numbers from 1.
 */
export const comparison = z.object({
  map: z.string(),
  referenceDir: z.string(),
  names: z.array(z.string()),
  /** Base64, one byte per frame: whether ground truth has the file. */
  reference: z.string(),
  /** Positions at which tracks begin, rising, the first one 0. */
  trackStarts: z.array(z.number()),
  runs: z.array(comparedRun),
  clips: z.array(comparedClip),
  /** What makes the comparison unfair or incomplete, in sentences. */
  cautions: z.array(z.string()),
})
export type Comparison = z.infer<typeof comparison>

export const foundVideo = z.object({
  path: z.string(),
  /** Below the workspace, or the file's name. */
  name: z.string(),
  bytes: z.number(),
  modifiedAt: z.number(),
})
export type FoundVideo = z.infer<typeof foundVideo>

export const mapKinds = ['ssim', 'lpips'] as const
export type MapKind = (typeof mapKinds)[number]

export const marker = z.object({
  id: z.string(),
  referenceDir: z.string(),
  name: z.string(),
  text: z.string(),
  createdAt: z.number(),
})
export type Marker = z.infer<typeof marker>

const file = z.string().min(1).max(1000)

/** One column of what is saved: `reference`, a run or a clip, with what it shows at each of the names. */
const savedSource = z.object({
  /** `reference`, an id of `runIds`, or a path of `clips`. */
  id: z.string(),
  /** A file name in the source's folder, a frame of the clip, or nothing. As many as there are names. */
  pictures: z.array(z.union([file, z.number().int().nonnegative(), z.null()])),
})

export const saveFramesRequest = z
  .object({
    runIds: z.array(z.string().min(1)).max(8).default([]),
    clips: clips.default([]),
    /** What the frames are called, in the order wanted; becomes part of the names of files. */
    names: z.array(file).min(1).max(5000),
    sources: z.array(savedSource).min(1).max(12),
    /** Absolute, or relative to the run's workspace or the folder of the first clip. */
    outputDir: z.string().min(1).default('comparison_frames'),
    /** `joined`: one picture per frame with the sources side by side; `separate`: one file per source. */
    files: z.enum(['joined', 'separate', 'none']).default('joined'),
    contactSheet: z.boolean().default(true),
  })
  .refine(
    ({ names, sources }) => sources.every(({ pictures }) => pictures.length === names.length),
    'Every source needs a picture or null for each name.',
  )
  .refine(({ runIds, clips }) => runIds.length + clips.length > 0, 'Name a run or a clip.')

export const voteSession = z.object({
  id: z.string(),
  runIds: z.array(z.string()),
  labels: z.array(z.string()),
  map: z.string(),
  frames: z.array(z.string()),
  questions: z.number(),
  seed: z.number(),
  createdAt: z.number(),
  votes: z.number(),
})
export type VoteSession = z.infer<typeof voteSession>

/** A session as the one who votes may see it: whose pictures they are is said nowhere. */
export const openVoteSession = voteSession.omit({ runIds: true, labels: true, frames: true, seed: true })
export type OpenVoteSession = z.infer<typeof openVoteSession>

/** Pictures of a question, as paths whose names say nothing. */
export const ballotQuestion = z.object({
  question: z.number(),
  left: z.string(),
  right: z.string(),
  reference: z.string(),
})
export type BallotQuestion = z.infer<typeof ballotQuestion>

export const storedVote = z.object({
  question: z.number(),
  frame: z.string(),
  left: z.number(),
  right: z.number(),
  choice: z.enum(voteChoices),
  seconds: z.number(),
  at: z.number(),
})
export type StoredVote = z.infer<typeof storedVote>

const sessionRef = z.object({ sessionId: z.string() })
export const compare = {
  'compare.open': query({
    input: z
      .object({ runIds: z.array(z.string().min(1)).max(8).default([]), clips: clips.default([]) })
      .refine((input) => input.runIds.length + input.clips.length > 0, 'Name a run or a clip.'),
    output: comparison,
  }),
  /**
   * Before `compare.open`: a clip's frames are only known once it has been decoded. Queues a job for each clip for which
   * that takes a while; the job's result is `{ path, frames }`.
   */
  'compare.readClips': command({ input: z.object({ clips }), output: z.array(job) }),
  /** Videos that can be opened: those the studio made, and those in a workspace. */
  'compare.videos': query({
    input: z.object({ workspace: z.string().optional() }),
    output: z.object({
      videos: z.array(foundVideo),
      /** False where the workspace is so large that the search was ended. */
      isComplete: z.boolean(),
    }),
  }),
  /**
   * The map behind a score, at the size the run's protocol measures: the mean of the SSIM map is the frame's SSIM.
   * `data` is base64 of little-endian float32, rows from the top.
   */
  'compare.map': query({
    input: z.object({ runId: z.string(), kind: z.enum(mapKinds), reference: file, prediction: file }),
    output: z.object({ width: z.number(), height: z.number(), mean: z.number(), data: z.string() }),
  }),
  /** A PNG with exactly the pixels that metrics see, for files that a page would show otherwise (EXIF, CMYK, 16 bit). */
  'compare.picture': query({ input: z.object({ path: z.string() }), output: z.object({ path: z.string() }) }),
  /** The map's radar and where the camera stood, by frame name without extension. */
  'compare.radar': query({
    input: z.object({ runId: z.string() }),
    output: z.object({
      map: z.string(),
      image: z.string().optional(),
      names: z.array(z.string()),
      x: z.array(z.number()),
      y: z.array(z.number()),
      yaw: z.array(z.number().nullable()),
    }),
  }),
  'compare.markers': query({ input: z.object({ referenceDir: z.string() }), output: z.array(marker) }),
  'compare.setMarker': command({
    input: z.object({ referenceDir: z.string(), name: file, text: z.string().max(2000) }),
    output: marker,
  }),
  'compare.removeMarker': command({
    input: z.object({ id: z.string() }),
    output: z.object({ removed: z.boolean() }),
  }),
  /** Queues the writing of pictures; the job's result is `{ folder, files, contactSheet }`. */
  'compare.saveFrames': command({ input: saveFramesRequest, output: job }),
  'compare.startVote': command({
    input: z.object({ runIds: runIds.min(2), questions: z.number().int().min(1).max(2000).default(40) }),
    output: openVoteSession,
  }),
  /** The next question nobody has answered, and the one after it, so that its pictures can be fetched early. */
  'compare.ballot': query({
    input: sessionRef,
    output: z.object({
      session: openVoteSession,
      next: ballotQuestion.optional(),
      after: ballotQuestion.optional(),
    }),
  }),
  'compare.vote': command({
    input: sessionRef.extend({
      question: z.number().int().nonnegative(),
      choice: z.enum(voteChoices),
      seconds: z.number().nonnegative(),
    }),
    output: z.object({ votes: z.number() }),
  }),
  /** Takes back the last vote of a session. */
  'compare.undoVote': command({ input: sessionRef, output: z.object({ votes: z.number() }) }),
  'compare.voteSessions': query({ input: z.object({}), output: z.array(openVoteSession) }),
  /** Everything about a session, names included: for its result. */
  'compare.votes': query({
    input: sessionRef,
    output: z.object({ session: voteSession, votes: z.array(storedVote) }),
  }),
  'compare.exportVotes': query({
    input: sessionRef.extend({ format: z.enum(['csv', 'json']) }),
    output: z.object({ text: z.string(), fileName: z.string() }),
  }),
} satisfies ContractPart
