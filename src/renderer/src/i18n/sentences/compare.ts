/** Maps, saved frames and blind votes. */
import type { SentencePair } from './translator.ts'

export const compare: readonly SentencePair[] = [
  ['There is no vote {id}.', '没有投票 {id}。'],
  ['The session has {count} questions.', '此次投票共有 {count} 题。'],
  ['A picture of question {question} cannot be read.', '第 {question} 题的一张图片无法读取。'],
  ['Open the runs in Compare to see which files are missing.', '请在对比页打开这些评测，查看缺少哪些文件。'],
  ['An LPIPS map needs the network.', 'LPIPS 图需要网络。'],
  ['{name} is not a file name.', '{name} 不是文件名。'],
  ['None of the {count} frames could be read.', '{count} 帧都无法读取。'],
  ['The first is {name}.', '第一个是 {name}。'],
  ['The source {source} is not among the runs and clips.', '来源 {source} 不在这些评测和片段之中。'],
]
