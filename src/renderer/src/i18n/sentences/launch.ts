/** Starting a training or an evaluation, and the lab book they come from. */
import type { SentencePair } from './translator.ts'

export const launch: readonly SentencePair[] = [
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
]
