/** Every word of the pages. A feature keeps its own words; adding a feature adds one line per language here. */
import * as app from '../app/words.ts'
import * as benchmark from '../features/benchmark/words.ts'
import * as compare from '../features/compare/words.ts'
import * as evaluate from '../features/evaluate/words.ts'
import * as experiments from '../features/experiments/words.ts'
import * as jobs from '../features/jobs/words.ts'
import * as runs from '../features/runs/words.ts'
import * as system from '../features/system/words.ts'
import * as train from '../features/train/words.ts'
import * as videos from '../features/videos/words.ts'
import * as workspace from '../features/workspace/words.ts'
import * as metrics from './metricWords.ts'

export const resources = {
  en: {
    app: app.en,
    metrics: metrics.en,
    workspace: workspace.en,
    experiments: experiments.en,
    train: train.en,
    evaluate: evaluate.en,
    benchmark: benchmark.en,
    runs: runs.en,
    compare: compare.en,
    videos: videos.en,
    jobs: jobs.en,
    system: system.en,
  },
  'zh-CN': {
    app: app.zh,
    metrics: metrics.zh,
    workspace: workspace.zh,
    experiments: experiments.zh,
    train: train.zh,
    evaluate: evaluate.zh,
    benchmark: benchmark.zh,
    runs: runs.zh,
    compare: compare.zh,
    videos: videos.zh,
    jobs: jobs.zh,
    system: system.zh,
  },
}

export type Namespace = keyof (typeof resources)['en']
export type Language = keyof typeof resources
export const languages: readonly { id: Language; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'zh-CN', name: '简体中文' },
]
