/** Preflight, metrics that were skipped or failed, and runs. */
import type { SentencePair } from './translator.ts'

export const benchmark: readonly SentencePair[] = [
  // src/main/core/benchmark/preflight.ts
  ['stays {size} for {metrics}', '保持 {size}，用于 {metrics}'],
  ['{sizes} → {size} ({reason}) for {metrics}', '{sizes} → {size}（{reason}），用于 {metrics}'],
  ['bilinear, as Pillow does', '双线性，与 Pillow 一致'],
  ['bicubic, as Pillow does', '双三次，与 Pillow 一致'],
  ['lanczos, as Pillow does', 'Lanczos，与 Pillow 一致'],
  ['{filter}, as Pillow does', '{filter}，与 Pillow 一致'],
  ['bicubic in floats, as clean-fid does', '浮点双三次，与 clean-fid 一致'],
  ['bilinear without antialiasing, as pytorch-fid does', '无抗锯齿双线性，与 pytorch-fid 一致'],
  [
    'FID of {count} {frames} in {dimensions} dimensions is strongly biased; compare it only with runs of as many frames.',
    '{count} 帧的 {dimensions} 维 FID 偏差很大；只能与帧数相同的结果比较。',
  ],
  [
    'Some of the files looked at are not readable pictures; they will be listed and left out.',
    '抽查的文件中有无法读取的图片；它们会被列出并略过。',
  ],
  [
    'Ground truth and predictions have different aspect ratios; both are resized to squares, as in the reference scripts.',
    '真值与预测的宽高比不同；两者都会缩放为正方形，与参考脚本一致。',
  ],
  [
    '{count} predictions have the stem of a ground-truth frame but another extension; names must be equal to be paired.',
    '{count} 个预测与真值帧同名但扩展名不同；名称完全相同才能配对。',
  ],
  [
    '{count} frames exist twice in one folder with different extensions.',
    '有 {count} 帧在同一文件夹中以不同扩展名出现两次。',
  ],

  // src/main/core/benchmark
  ['Needs the frames of both sides, not statistics.', '需要两侧的帧，而不是统计量。'],
  ['No pair could be read.', '没有一对可以读取。'],
  ['No frame gave a value.', '没有一帧得到数值。'],
  [
    'No frame name occurs in both folders: {referenceCount} in {reference}, {predictionCount} in {prediction}.',
    '两个文件夹没有同名的帧：{reference} 中有 {referenceCount}，{prediction} 中有 {predictionCount}。',
  ],
  [
    'The stems agree but the extensions differ; write predictions with the extension of the ground truth.',
    '主文件名相同但扩展名不同；请用真值的扩展名保存预测。',
  ],
  [
    'Check that both folders belong to the same map and hold the frames themselves, not folders of frames.',
    '请确认两个文件夹属于同一地图，并且直接存放帧，而不是存放帧的文件夹。',
  ],
  ['There is no {side} frame to resize.', '没有可缩放的{side}帧。'],
  ['Cached features vanished while the run was under way.', '运行期间缓存的特征消失了。'],
  ['Cached features of this run are gone.', '此次评测的缓存特征已不存在。'],
  ['Run the same command again.', '请重新运行。'],
  [
    'Was the cache folder emptied? Run again with --fresh.',
    '缓存文件夹被清空了吗？请选择“重新测量”再次运行。',
  ],
  ['There is no protocol "{name}".', '没有名为“{name}”的方案。'],
  ['The feature network is not ready.', '特征网络尚未就绪。'],
  ['A benchmark needs ground truth and predictions.', '评测需要真值和预测。'],
  [
    'Give --gt DIR and --pred DIR, or --run with an evaluation run of the workspace.',
    '请给出真值与预测文件夹，或选择工作区中的一次评测运行。',
  ],
  ['No ground truth was found for the maps of {run}.', '未找到 {run} 各地图的真值。'],
  [
    'Expected {path}. Name it with --gt, or the data folder with --data_dir.',
    '预期位置为 {path}。请用“两个文件夹”指定真值。',
  ],
  ['No map folder matches {path}.', '没有与 {path} 相符的地图文件夹。'],
  ['Name the maps with --maps.', '请指明地图。'],
  ['Give the folder that holds the frames.', '请给出存放帧的文件夹。'],

  // Metrics that were skipped or failed, and cautions
  ['needs {model}, which is not installed', '需要 {model}，尚未安装'],
  ['needs {model}, which is not installed: {rest}', '需要 {model}，尚未安装：{rest}'],
  [
    'needs {features} features, and {path} gives only {given}',
    '需要 {features} 维特征，而 {path} 只提供 {given}',
  ],
  [
    'needs {features} features, and {path} gives only {given}: {rest}',
    '需要 {features} 维特征，而 {path} 只提供 {given}：{rest}',
  ],
  [
    'run "{command}" or put {file} ({size}) from {url} into {folder}',
    '运行“{command}”，或将 {file}（{size}，来自 {url}）放入 {folder}',
  ],
  [
    'run "{command}" or put {file} ({size}) into {folder}',
    '运行“{command}”，或将 {file}（{size}）放入 {folder}',
  ],
  ['not yet available in this version', '此版本尚不提供'],
  [
    'SSIM needs pictures of at least {least} pixels; these are {size}.',
    'SSIM 需要至少 {least} 像素的图片；这些是 {size}。',
  ],
  [
    'MS-SSIM needs pictures of at least {least} pixels; these are {size}.',
    'MS-SSIM 需要至少 {least} 像素的图片；这些是 {size}。',
  ],
  [
    'KID needs the features of single frames; statistics hold only their mean and covariance.',
    'KID 需要逐帧特征；统计量只含均值和协方差。',
  ],
  [
    'KID needs at least 2 samples on each side; one side has {count}.',
    'KID 每侧至少需要 2 个样本；其中一侧有 {count} 个。',
  ],
  [
    'Subsets of {size} samples instead of {wanted}: one side has only {count}.',
    '子集为 {size} 个样本而非 {wanted} 个：其中一侧只有 {count} 个。',
  ],
  ['From {count} evenly spaced frames of {total}.', '取自 {total} 帧中均匀间隔的 {count} 帧。'],
  [
    '{dimension}-d features: not comparable with the usual 2048-d FID.',
    '{dimension} 维特征：不能与常用的 2048 维 FID 比较。',
  ],
  [
    'A Fréchet distance needs at least 2 samples on each side; one side has {count}.',
    'Fréchet 距离每侧至少需要 2 个样本；其中一侧有 {count} 个。',
  ],
  [
    '{count} samples for {dimension} feature dimensions: the distance is biased upwards. Compare it only with runs of as many samples.',
    '{dimension} 个特征维度只有 {count} 个样本：距离偏高。只能与样本数相同的评测比较。',
  ],
  ['Features of {a} and {b} dimensions cannot be compared.', '{a} 维与 {b} 维的特征无法比较。'],
  [
    'Compute both sides with the same network and the same --fid_dims.',
    '请用同一网络和相同的 FID 特征维数计算两侧。',
  ],
  ['The feature network gave values that are not finite numbers.', '特征网络给出了非有限数值。'],
  [
    'Verify the weights of the network, or try another execution provider.',
    '请校验网络的权重，或换一个计算后端。',
  ],
  [
    'Give an .npz with mu and sigma, as pytorch-fid --save-stats writes it, or the folder of pictures.',
    '请给出含 mu 和 sigma 的 .npz（即 pytorch-fid --save-stats 的输出），或图片文件夹。',
  ],
  ['Write the .npz statistics again from the pictures.', '请由图片重新生成 .npz 统计文件。'],

  // src/main/core/runs
  ['There is no run {id}.', '没有评测 {id}。'],
  ['parallax runs list shows them.', '评测结果页列出了全部评测。'],
  ['Run {id} has no frame {frame}.', '评测 {id} 没有第 {frame} 帧。'],
  ['Per-frame scores are exported one run at a time.', '逐帧分数每次只能导出一次评测。'],
  ['{id} is the beginning of several run ids.', '有多个评测编号以 {id} 开头。'],
  ['Give more letters of the id.', '请给出编号的更多字符。'],
  ['unknown', '未知'],

  // src/main/core/compare
  ['Install the weights on the System page.', '请在系统页安装权重。'],
  ['These runs share no frame.', '这些评测没有共同的帧。'],
  ['Choose runs of the same map.', '请选择同一地图的评测。'],
  ['{run} has no frames.', '{run} 没有帧。'],
  [
    'The run was stopped before its first frame; run the benchmark again.',
    '此次评测在第一帧之前就停止了；请重新评测。',
  ],
  [
    '{first} and {second} were measured against different ground truth.',
    '{first} 与 {second} 使用了不同的真值。',
  ],
  [
    'Compare runs of one map. Frames are joined by their file names.',
    '请比较同一地图的评测。帧按文件名对应。',
  ],
]
