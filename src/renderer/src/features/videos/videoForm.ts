/** What the Videos page asks for, as data. */
import { create } from 'zustand'
import type {
  VideoEncoder,
  VideoFormat,
  VideoLayout,
  VideoPreset,
} from '../../../../shared/contract/videos.ts'
import type { Input } from '../../api/client.ts'

export type VideoForm = {
  predictionDir: string
  referenceDir: string
  /** One folder per line. */
  others: string
  layout: VideoLayout
  /** A number or a fraction; empty for the usual 10. */
  fps: string
  maxDurationSeconds: number | undefined
  minFrames: number | undefined
  format: VideoFormat
  preset: VideoPreset
  scores: readonly string[]
  drawText: boolean
  fresh: boolean
  outputDir: string
  /** How names number frames; empty for the recording tools' own form. */
  pattern: string
  /** Names of the panels, one per line. */
  labels: string
  encoder: VideoEncoder
  panelWidth: number | undefined
  /** Factor of the differences. */
  amplify: number | undefined
  stretch: boolean
}

export const emptyVideoForm: VideoForm = {
  predictionDir: '',
  referenceDir: '',
  others: '',
  layout: 'pair',
  fps: '10',
  maxDurationSeconds: 10,
  minFrames: 10,
  format: 'mp4',
  preset: 'good',
  scores: [],
  drawText: true,
  fresh: false,
  outputDir: '',
  pattern: '',
  labels: '',
  encoder: 'software',
  panelWidth: undefined,
  amplify: undefined,
  stretch: false,
}

/** Kept while the window is open. */
export const useVideoForm = create<VideoForm>(() => emptyVideoForm)

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What a layout lacks: `reference` or `others`; `undefined` when it can be made. */
export function lackOfLayout(layout: VideoLayout, form: VideoForm): 'reference' | 'others' | undefined {
  if (layout === 'runs') return linesOf(form.others).length === 0 ? 'others' : undefined
  return layout !== 'single' && form.referenceDir.trim() === '' ? 'reference' : undefined
}

/** The layout that is made: the chosen one, or `single` while the chosen one lacks something. */
export const usableLayout = (form: VideoForm): VideoLayout =>
  lackOfLayout(form.layout, form) === undefined ? form.layout : 'single'

export type VideoInput = Input<'videos.start'>

/** The request of a form; `undefined` without a folder. Empty fields leave the engine's defaults. */
export function videoRequestOf(
  form: VideoForm,
  workspace: string,
  language: 'en' | 'zh-CN',
): VideoInput | undefined {
  const predictionDir = form.predictionDir.trim()
  if (predictionDir === '') return undefined
  const { maxDurationSeconds, minFrames, format, preset, drawText, fresh, encoder, stretch } = form
  const { panelWidth, amplify } = form
  const [fps, pattern, labels] = [form.fps.trim(), form.pattern.trim(), linesOf(form.labels)]
  const referenceDir = form.referenceDir.trim()
  const outputDir = form.outputDir.trim()
  const layout = usableLayout(form)
  return {
    workspace,
    predictionDir,
    layout,
    ...(referenceDir === '' ? {} : { referenceDir }),
    ...(layout === 'runs' ? { otherDirs: linesOf(form.others).slice(0, 3) } : {}),
    ...(outputDir === '' ? {} : { outputDir }),
    ...(fps === '' ? {} : { fps }),
    ...(maxDurationSeconds === undefined ? {} : { maxDurationSeconds }),
    ...(minFrames === undefined ? {} : { minFrames }),
    ...(pattern === '' ? {} : { pattern }),
    ...(panelWidth === undefined ? {} : { panelWidth }),
    ...(amplify === undefined ? {} : { amplify }),
    ...{ format, preset, encoder, drawText, stretch, fresh, language, labels: labels.slice(0, 5) },
    scores: [...form.scores],
  }
}

/** A form for folders of an evaluation run: videos go beside its frames, as the scripts do by convention. */
export function formForFolders(predictionDir: string, referenceDir: string | undefined): Partial<VideoForm> {
  const match = /^(.*[\\/])gen_imgs([\\/][^\\/]+)[\\/]?$/.exec(predictionDir)
  const folder = referenceDir === undefined ? 'gen_videos' : 'gen_compared_videos'
  return {
    predictionDir,
    referenceDir: referenceDir ?? '',
    layout: referenceDir === undefined ? 'single' : 'pair',
    outputDir: match ? `${match[1]}${folder}${match[2]}` : '',
  }
}
