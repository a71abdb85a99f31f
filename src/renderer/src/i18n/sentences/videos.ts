/** Making comparison videos. */
import type { SentencePair } from './translator.ts'

export const videos: readonly SentencePair[] = [
  ['Shorter than {count} frames.', '少于 {count} 帧。'],
  ['The rest of a longer track, shorter than {count} frames.', '较长轨迹的剩余部分，少于 {count} 帧。'],
  ['{folder} holds no pictures.', '{folder} 中没有图片。'],
  [
    'Give the folder that holds the frames themselves (.jpg, .png, .webp or .bmp).',
    '请给出直接存放帧的文件夹（.jpg、.png、.webp 或 .bmp）。',
  ],
  [
    '{count} pictures in {folder} have names of another form, such as {name}.',
    '{folder} 中有 {count} 张图片的名称是其他形式，例如 {name}。',
  ],
  [
    'No frame of {prediction} has a counterpart in {reference}. Are these the right folders?',
    '{prediction} 中没有一帧在 {reference} 中有对应。文件夹是否正确？',
  ],
  [
    'None of the {count} pictures in {folder} has a name of the expected form; the first is {name}.',
    '{folder} 中的 {count} 张图片都不是预期的名称形式；第一张是 {name}。',
  ],
  [
    'There are no per-frame scores of {folder} yet, so none are shown. Run parallax benchmark on it first.',
    '{folder} 尚无逐帧分数，因此不显示。请先对其进行评测。',
  ],
  ['The benchmark of {folder} has no per-frame {metrics}.', '{folder} 的评测没有逐帧的 {metrics}。'],
  ['Map image not found: {path}. The path is drawn on a grid.', '未找到地图图片：{path}。路径将画在网格上。'],
  ['The layout {layout} needs ground truth to compare with.', '布局 {layout} 需要可比较的真值。'],
  [
    'The layout runs needs another run to put beside the first.',
    '“多次运行”布局需要另一次运行与第一次并排。',
  ],
  ['"{text}" is not a frame rate.', '“{text}”不是帧率。'],
  ['{file} may not be written.', '无法写入 {file}。'],
  ['{folder} is a file where a folder is needed.', '{folder} 是文件，这里需要文件夹。'],
  ['None of the {count} frames can be read: {rest}', '{count} 帧都无法读取：{rest}'],
  [
    'Check that the files are complete JPEG, PNG, WebP or BMP pictures.',
    '请确认文件是完整的 JPEG、PNG、WebP 或 BMP 图片。',
  ],
  ['{encoder} was asked for but does not work here: {rest}', '指定了 {encoder}，但在此无法使用：{rest}'],
  [
    'Leave the encoder out to encode on the CPU, or use --encoder auto.',
    '不指定编码器即用 CPU 编码，或选择自动。',
  ],
]
