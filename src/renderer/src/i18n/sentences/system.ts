/** What this machine has: providers, weights, ffmpeg, Python, database, disk. */
import type { SentencePair } from './translator.ts'

export const system: readonly SentencePair[] = [
  // src/main/core/networks/providers.ts
  ['works', '可用'],
  ['no Vulkan driver is installed', '未安装 Vulkan 驱动'],
  ['only a software Vulkan driver is installed ({drivers})', '只安装了软件 Vulkan 驱动（{drivers}）'],
  [
    'ONNX Runtime has no {provider} provider on {platform}',
    'ONNX Runtime 在 {platform} 上没有 {provider} 后端',
  ],
  [
    'the CUDA part of onnxruntime-node is not installed ({command})',
    '未安装 onnxruntime-node 的 CUDA 部分（{command}）',
  ],
  ['it computed a wrong result in a first test', '首次测试的计算结果有误'],
  [
    'The provider "{provider}" cannot be used on this machine: {reason}.',
    '此机器无法使用“{provider}”后端：{reason}。',
  ],
  [
    'Use --device auto or --device cpu. "parallax doctor" lists the providers and what each one lacks.',
    '请选择“自动”或 cpu 设备。系统页列出了各后端及其缺少的部分。',
  ],

  // src/main/core/system/checks.ts
  ['encoders', '编码器'],
  ['MP4 videos need libx264.', 'MP4 视频需要 libx264。'],
  ['no Python was found', '未找到 Python'],
  ['Only training and the evaluation scripts need one.', '只有训练和评估脚本需要它。'],
  ['{python}, no torch, {path}', '{python}，无 torch，{path}'],
  ['no torch, {path}', '无 torch，{path}'],
  ['It does not answer like a Python.', '它的应答不像 Python。'],
  ['no GPU', '没有 GPU'],
  ['No NVIDIA driver here: nvidia-smi was not found.', '没有 NVIDIA 驱动：未找到 nvidia-smi。'],
  ['nvidia-smi lists no GPU.', 'nvidia-smi 未列出 GPU。'],
  ['nvidia-smi did not answer within {seconds} s.', 'nvidia-smi 在 {seconds} 秒内没有应答。'],
  ['Everything works on the processor, slower.', '一切都可在处理器上运行，只是较慢。'],
  ['version {version}', '版本 {version}'],
  [
    'A copy from before the last update lies beside it (*.before-v…).',
    '旁边有上次更新之前的副本（*.before-v…）。',
  ],
  ['free space', '可用空间'],
  ['{size} at {path}', '{size}，位于 {path}'],
  ['Features of ground truth take about 8 kB a frame.', '真值特征每帧约占 8 kB。'],
  ['No ffmpeg was found, so no video can be made.', '未找到 ffmpeg，无法制作视频。'],
  [
    'Install ffmpeg (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or set FFMPEG_PATH to the program.',
    '请安装 ffmpeg（Debian、Ubuntu：apt install ffmpeg；macOS：brew install ffmpeg；Windows：winget install ffmpeg），或将 FFMPEG_PATH 设为该程序。',
  ],
  [
    'FFMPEG_PATH names {path}, which does not work as ffmpeg. {rest}',
    'FFMPEG_PATH 指向 {path}，但它不能作为 ffmpeg 使用。{rest}',
  ],
  [
    'Point FFMPEG_PATH to an ffmpeg program, or unset it to use another one.',
    '请让 FFMPEG_PATH 指向 ffmpeg 程序，或取消设置以使用其他 ffmpeg。',
  ],
  ['{path} does not answer as ffmpeg does.', '{path} 的应答不像 ffmpeg。'],

  // src/main/core/models, src/main/core/checkpoints
  ['{path} was refused: {reason}.', '{path} 被拒绝：{reason}。'],
  ['it has changed since it was imported', '导入之后它已被更改'],
  ['its content has changed since it was last looked at', '自上次查看以来内容已变'],
  [
    'its SHA-256 begins with {found} where {file} has {wanted}',
    '其 SHA-256 以 {found} 开头，而 {file} 的是 {wanted}',
  ],
  [
    'it has {found} bytes where {file} has {wanted} (cut off during a download?)',
    '它有 {found} 字节，而 {file} 有 {wanted}（下载时中断？）',
  ],
  [
    'Nothing in the file was executed. Get the file again from its official address (see "models list").',
    '文件中没有任何内容被执行。请从官方地址重新获取该文件。',
  ],
  ['There is no model named "{id}".', '没有名为“{id}”的模型。'],
  ['parallax models install {id}, or put {file} into {folder}', '安装 {id}，或将 {file} 放入 {folder}'],
  ['Models: {models}.', '模型：{models}。'],
  ['{model} has no address to download from.', '{model} 没有下载地址。'],
  ['gives {features} features; everything else needs {file}', '提供 {features} 维特征；其他用途需要 {file}'],
  ['{count} tensors, SHA-256 {hash}', '{count} 个张量，SHA-256 {hash}'],
  ['{path} is not a checkpoint for {purpose}: {rest}', '{path} 不是 {purpose} 的检查点：{rest}'],
  [
    'Use the official weights of {purpose}; "models list" names the file and its address.',
    '请使用 {purpose} 的官方权重；系统页给出了文件及其地址。',
  ],
  [
    '{path} is none of the models the studio uses. Nearest is {rest}',
    '{path} 不是本程序使用的任何模型。最接近的是 {rest}',
  ],
  [
    'Models: {models}. "models list" names their official files.',
    '模型：{models}。系统页给出了它们的官方文件。',
  ],
  [
    'Give the path of one weight file. To use a folder of files as it lies there, name it in PARALLAX_MODEL_PATH.',
    '请给出一个权重文件的路径。若要直接使用某个文件夹中的文件，请在 PARALLAX_MODEL_PATH 中指定它。',
  ],
  ['{path} is a folder without {file}.', '{path} 是不含 {file} 的文件夹。'],
  ['{folder} is a file where the folder for models should be.', '{folder} 是文件，而此处应为模型文件夹。'],
  ['Move the file away, or choose another model folder.', '请移走该文件，或选择其他模型文件夹。'],
  [
    'The download of {url} was cancelled; what has arrived is kept.',
    '{url} 的下载已取消；已到达的部分会保留。',
  ],
  ['{url} could not be downloaded: {reason}.', '无法下载 {url}：{reason}。'],
  ['{url} could not be downloaded: {reason}', '无法下载 {url}：{reason}'],
  [
    'Without a connection: get the file on another machine, copy it here, and use "parallax models import FILE".',
    '没有网络时：请在另一台机器上获取该文件，复制到这里，再用“导入文件”导入。',
  ],
  [
    '{url} gave another file than announced: its SHA-256 begins with {found} instead of {wanted}.',
    '{url} 给出的文件与声明不符：其 SHA-256 以 {found} 开头，而不是 {wanted}。',
  ],
  ['{url} gave more than the announced {size} bytes.', '{url} 给出的数据超过声明的 {size} 字节。'],
  [
    'It was deleted. A proxy or a login page may stand between; get the file by other means and use "parallax models import FILE".',
    '它已被删除。中间可能有代理或登录页；请用其他方式获取文件，再用“导入文件”导入。',
  ],
  [
    'What had arrived was deleted. A login page may stand between; get the file by other means and use "parallax models import FILE".',
    '已到达的部分已删除。中间可能有登录页；请用其他方式获取文件，再用“导入文件”导入。',
  ],
  ['{path} is being downloaded by another process.', '另一个进程正在下载 {path}。'],
  ['Wait for it to finish; "parallax jobs list" shows it.', '请等待其完成；任务页会显示它。'],
  ['{path} needs {needed} more, but only {free} are free.', '{path} 还需要 {needed}，但只剩 {free} 可用。'],
  ['Free some space, or set the model folder to another disk.', '请腾出空间，或将模型文件夹设到其他磁盘。'],

  // src/main/core/wasm
  [
    'A metric needs {size} MB of working memory, which is more than it can get.',
    '某个指标需要 {size} MB 工作内存，超出可用范围。',
  ],
  [
    'Use smaller pictures, fewer samples or a machine with more memory.',
    '请使用更小的图片、更少的样本，或内存更大的机器。',
  ],
]
