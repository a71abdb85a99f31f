/** Checks before a training or an evaluation starts, and the lab book they come from. */
import type { SentencePair } from './translator.ts'

export const launch: readonly SentencePair[] = [
  // src/shared/domain/launch/hints.ts
  [
    'WORLD_SIZE is {size}, but plain python starts one process: it waits for the others until it times out.',
    'WORLD_SIZE 为 {size}，但直接用 python 只会启动一个进程：它会一直等待其他进程直到超时。',
  ],
  [
    'Start it with torchrun --nproc_per_node={size}, or set WORLD_SIZE=1.',
    '请用 torchrun --nproc_per_node={size} 启动，或设 WORLD_SIZE=1。',
  ],
  [
    '{count} GPUs are chosen, but plain python starts one process, which uses only the first.',
    '选择了 {count} 块 GPU，但直接用 python 只会启动一个进程，只使用第一块。',
  ],
  [
    'Start it with torchrun --nproc_per_node={count}, or choose one GPU.',
    '请用 torchrun --nproc_per_node={count} 启动，或只选一块 GPU。',
  ],
  ['Port {port} is taken, probably by another training.', '端口 {port} 已被占用，可能是另一个训练。'],
  ['Let the studio find a free port.', '可让程序寻找空闲端口。'],
  [
    '{processes} processes are started on {count} visible GPUs.',
    '在 {count} 块可见 GPU 上启动 {processes} 个进程。',
  ],
  [
    '{processes} processes are started on {count} visible {gpus}.',
    '在 {count} 块可见 GPU 上启动 {processes} 个进程。',
  ],
  ['Choose as many GPUs as processes.', '请选择与进程数相同的 GPU。'],
  [
    'GPU {device} does not exist on this machine ({count} found).',
    '此机器上没有 GPU {device}（共找到 {count} 块）。',
  ],
  [
    'Choose another GPU, or start it on the machine it was written for.',
    '请选择其他 GPU，或在该命令原本的机器上启动。',
  ],
  [
    'GPU {device} is busy: {used} of {total} MiB used, {load} % load.',
    'GPU {device} 正忙：已用 {used} / {total} MiB，负载 {load} %。',
  ],
  ['GPU {device} is busy: {used} of {total} MiB used.', 'GPU {device} 正忙：已用 {used} / {total} MiB。'],
  [
    'GPU {device} is busy: {used} of {total} MiB used{more}.',
    'GPU {device} 正忙：已用 {used} / {total} MiB{more}。',
  ],
  ['Choose another GPU, or wait.', '请选择其他 GPU，或等待。'],
  [
    '{folder} already holds {count} {checkpoints}; training will go on from step {step}.',
    '{folder} 中已有 {count} 个检查点；训练将从第 {step} 步继续。',
  ],
  [
    'Start to resume, or choose another folder for a new run.',
    '启动即继续训练；若要新训练，请选择其他文件夹。',
  ],
  ['Correct {flag}, or create it.', '请更正 {flag}，或创建它。'],
  ['{path} lies outside the workspace, so it was not looked at.', '{path} 在工作区之外，因此未查看。'],
  ['Check that this is meant.', '请确认这是有意的。'],
  [
    'The config is {config}, but the output folder is {folder}.',
    '配置是 {config}，但输出文件夹是 {folder}。',
  ],
  ['The experiment is {experiment}, but the config is {config}.', '实验是 {experiment}，但配置是 {config}。'],
  [
    'The experiment is {experiment}, but the output folder is {folder}.',
    '实验是 {experiment}，但输出文件夹是 {folder}。',
  ],
  [
    'task_mix_ratio {ratio} has no effect: is_multi_task_balanced gives every entry one sample of each task.',
    'task_mix_ratio {ratio} 不起作用：is_multi_task_balanced 让每个条目的各任务各取一个样本。',
  ],
  [
    'Switch is_multi_task_balanced off to train one task only, or take task_mix_ratio away.',
    '若只训练一个任务，请关闭 is_multi_task_balanced，或去掉 task_mix_ratio。',
  ],
  [
    '--deepspeed {path} is ignored: the program always uses deepspeed_scripts/zero0.json.',
    '--deepspeed {path} 被忽略：程序始终使用 deepspeed_scripts/zero0.json。',
  ],
  [
    '--lr_scheduler_kwargs is ignored: the program uses {min_lr: 1e-5} or the value of the YAML config.',
    '--lr_scheduler_kwargs 被忽略：程序使用 {min_lr: 1e-5} 或 YAML 配置中的值。',
  ],
  [
    '{flag} {written} is ignored: the YAML config says {value}.',
    '{flag} {written} 被忽略：YAML 配置中为 {value}。',
  ],
  ['Change the YAML config.', '请修改 YAML 配置。'],
  [
    '--dataloader_num_workers 0 becomes half the CPUs, at least 4 and at most 16.',
    '--dataloader_num_workers 0 会变为 CPU 数的一半，至少 4，至多 16。',
  ],
  ['{flag} is missing; the program needs it.', '缺少 {flag}；程序需要它。'],
  ['{flag} is given {count} times; the last one counts.', '{flag} 给出了 {count} 次；以最后一次为准。'],
  ['{flag} has no value.', '{flag} 没有值。'],
  ['{key} is given twice; the last value counts.', '{key} 给出了两次；以最后的值为准。'],
  [
    'Python reads {raw} as text, not as a number; write {better}.',
    'Python 会将 {raw} 读作文字而非数字；请写作 {better}。',
  ],

  // src/main/core/training/processes
  ['The script {path} does not exist.', '脚本 {path} 不存在。'],
  ['The program {path} does not exist.', '程序 {path} 不存在。'],
  ['The program {name} was not found.', '未找到程序 {name}。'],
  ['The working folder {path} does not exist.', '工作文件夹 {path} 不存在。'],
  ['Choose the folder of the workspace.', '请选择工作区的文件夹。'],
  ['Choose another one.', '请另选一个。'],
  [
    'Install Python 3, or choose the Python of your environment (venv or conda).',
    '请安装 Python 3，或选择你的环境（venv 或 conda）中的 Python。',
  ],
  ['The process still runs.', '进程仍在运行。'],
  ['Stop it first.', '请先停止它。'],

  // src/main/core/experiments
  ['No lab book was imported yet.', '尚未导入实验记录。'],
  ['This experiment is not known any more.', '此实验已不存在。'],
  ['This command is not known any more.', '此命令已不存在。'],
  [
    '{path} has changed since it was read; nothing was written.',
    '{path} 在读取之后已被更改；未写入任何内容。',
  ],
  ['Look at the new version and try again.', '请查看新版本后重试。'],
  ['{path} exists already; nothing was written.', '{path} 已存在；未写入任何内容。'],
  ['Choose another name.', '请换一个名称。'],
  ['{name} is broken YAML in line {line}: {rest}', '{name} 第 {line} 行的 YAML 有误：{rest}'],
  ['Correct that line and open the config again.', '请更正该行后重新打开配置。'],
  ['{path} lies outside the workspace {root}.', '{path} 在工作区 {root} 之外。'],
  ['Use a path inside the workspace.', '请使用工作区内的路径。'],
  [
    'Curly quotes are ordinary characters for a shell; they become part of the argument.',
    '弯引号对 shell 来说是普通字符，会成为参数的一部分。',
  ],
  [
    'This code block is never closed; it was taken to end before the next heading.',
    '此代码块没有结束；视为在下一个标题之前结束。',
  ],
  [
    'This text mentions a command but is not one. Put it in backticks to launch it.',
    '此文字提到命令，但本身不是命令。放入反引号即可启动。',
  ],
  [
    'The backticks around this command do not match; the command was taken to end with them.',
    '此命令两侧的反引号不匹配；视为在反引号处结束。',
  ],
  [
    'The backticks around this command are never closed, so its end is not known.',
    '此命令的反引号没有结束，因此不知其结尾。',
  ],
]
