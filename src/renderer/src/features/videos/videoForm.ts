/** What the Videos page asks for, as data. */
import { create } from 'zustand'
import type { VideoFormat, VideoLayout, VideoPreset } from '../../../../shared/contract/videos.ts'
import type { Input } from '../../api/client.ts'

export type VideoForm = {
  predictionDir: string
  referenceDir: string
  /** One folder per line. */
  others: string
  layout: VideoLayout
  fps: number | undefined
  maxDurationSeconds: number | undefined
  minFrames: number | undefined
  format: VideoFormat
  preset: VideoPreset
  scores: readonly string[]
  drawText: boolean
  fresh: boolean
  outputDir: string
}

export const emptyVideoForm: VideoForm = {
  predictionDir: '',
  referenceDir: '',
  others: '',
  layout: 'pair',
  fps: 10,
  maxDurationSeconds: 10,
  minFrames: 10,
  format: 'mp4',
  preset: 'good',
  scores: [],
  drawText: true,
  fresh: false,
  outputDir: '',
}

/** Kept while the window is open. */
export const useVideoForm = create<VideoForm>(() => emptyVideoForm)

const otherDirs = (form: VideoForm) =>
  form.others
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What a layout lacks: `reference` or `others`; `undefined` when it can be made. */
export function lackOfLayout(layout: VideoLayout, form: VideoForm): 'reference' | 'others' | undefined {
  if (layout === 'runs') return otherDirs(form).length === 0 ? 'others' : undefined
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
  const { fps, maxDurationSeconds, minFrames, format, preset, drawText, fresh } = form
  const referenceDir = form.referenceDir.trim()
  const outputDir = form.outputDir.trim()
  const layout = usableLayout(form)
  return {
    workspace,
    predictionDir,
    layout,
    ...(referenceDir === '' ? {} : { referenceDir }),
    ...(layout === 'runs' ? { otherDirs: otherDirs(form).slice(0, 3) } : {}),
    ...(outputDir === '' ? {} : { outputDir }),
    ...(fps === undefined ? {} : { fps }),
    ...(maxDurationSeconds === undefined ? {} : { maxDurationSeconds }),
    ...(minFrames === undefined ? {} : { minFrames }),
    ...{ format, preset, drawText, fresh, language },
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
