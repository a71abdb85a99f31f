/** Titles and stages of jobs, lines of their logs, and how they can end. */
import type { SentencePair } from './translator.ts'

export const jobs: readonly SentencePair[] = [
  // Titles
  ['Benchmark {map}: {run}', '评测 {map}：{run}'],
  ['Benchmark {count} maps: {run}', '评测 {count} 张地图：{run}'],
  ['{count} videos of {map}', '{map} 的 {count} 个视频'],
  ['1 video of {map}', '{map} 的 1 个视频'],
  ['Video of {recording}', '{recording} 的视频'],
  ['Videos of {map}', '{map} 的视频'],
  ['Make the sample workspace', '生成示例工作区'],
  ['Download weights', '下载权重'],
  ['Import {file}', '导入 {file}'],
  ['Verify weights', '校验全部权重'],
  ['Verify {model}', '校验 {model}'],
  ['Read {file}', '读取 {file}'],
  ['Save {count} frames', '保存 {count} 帧'],
  ['Save 1 frame', '保存 1 帧'],
  ['Save {count} pictures', '保存 {count} 张图片'],
  ['Save 1 picture', '保存 1 张图片'],

  // Stages
  ['Sample workspace', '示例工作区'],
  ['Encoding', '编码'],
  ['Decoding', '解码'],
  ['Saving frames', '保存帧'],
  ['{map}: set scores', '{map}：集合指标'],

  // Logs
  ['{map}: taken from run {id}; --fresh measures anew.', '{map}：取自评测 {id}；“重新测量”可重新计算。'],
  ['{metrics}: {network} on {provider}', '{metrics}：{network} 在 {provider} 上运行'],
  ['{provider} was not used: {reason}', '未使用 {provider}：{reason}'],
  ['{model}: not found after the download', '{model}：下载后未找到'],

  // src/main/core/jobs
  ['There is no job {id}.', '没有任务 {id}。'],
  ['parallax jobs list shows them.', '任务页列出了全部任务。'],
  ['No such kind of job: {kind}.', '没有这种任务：{kind}。'],
  ['Parallax was closed.', 'Parallax 已关闭。'],
  ['The process that ran this job ended.', '运行此任务的进程已结束。'],
  ['Run the same command again: it goes on from what was saved.', '请重新运行：会从已保存处继续。'],
  ['The engine ended {deaths} times while this job ran.', '此任务运行期间引擎退出了 {deaths} 次。'],
  [
    'Run it again, or without the metric or file that was next; what is finished is kept.',
    '请重新运行，或去掉接下来的指标或文件；已完成的部分会保留。',
  ],
]
