/** The words we write into pictures. */
import type { VideoLanguage } from '../../../shared/contract/videos.ts'

type Words = {
  prediction: string
  reference: string
  difference(factor: number): string
  trail: string
  missingReference: string
  missingPrediction: string
  unreadable: string
  noPose: string
  step(index: number, total: number): string
  caption(track: string, frame: number, isRecording: boolean): string
}

export const wordsOf: Record<VideoLanguage, Words> = {
  en: {
    prediction: 'Prediction',
    reference: 'Ground truth',
    difference: (factor) => `Difference ×${factor}`,
    trail: 'Ground-truth path',
    missingReference: 'No ground truth',
    missingPrediction: 'No prediction',
    unreadable: 'Unreadable frame',
    noPose: 'Pose not known',
    step: (index, total) => `Step ${index} / ${total}`,
    caption: (track, frame, isRecording) => `${isRecording ? `File ${track}` : track} | Frame ${frame}`,
  },
  'zh-CN': {
    prediction: '预测',
    reference: '真值',
    difference: (factor) => `差异 ×${factor}`,
    trail: '真值轨迹',
    missingReference: '没有真值',
    missingPrediction: '没有预测',
    unreadable: '无法读取',
    noPose: '位姿未知',
    step: (index, total) => `第 ${index} / ${total} 步`,
    caption: (track, frame, isRecording) => `${isRecording ? `文件 ${track}` : track} | 第 ${frame} 帧`,
  },
}
