/** Hints in the language of the page. English is what the engine says; other languages have the same texts by id. */
import {
  fillText,
  hintTexts,
  type HintText,
  type HintTextId,
  type HintValues,
} from '../../../../../shared/domain/launch/hints/texts.ts'

const check = '请确认这是有意的。'

/** The texts of `hintTexts` in simplified Chinese. */
export const chineseHintTexts: Record<HintTextId, HintText> = {
  worldSizeWithoutLauncher: {
    message: 'WORLD_SIZE 是 {{size}}，但直接用 python 只会启动一个进程：它会一直等待其他进程，直到超时。',
    hint: '请用 torchrun --nproc_per_node={{size}} 启动，或把 WORLD_SIZE 设为 1。',
  },
  ranksWithoutLauncher: {
    message: '选择了 {{count}} 块 GPU，但直接用 python 只会启动一个进程，只会用到第一块。',
    hint: '请用 torchrun --nproc_per_node={{count}} 启动，或只选择一块 GPU。',
  },
  portInUse: { message: '端口 {{port}} 已被占用，可能是另一个训练在用。', hint: '让工作室找一个空闲端口。' },
  moreProcessesThanGpus: {
    message: '将启动 {{processes}} 个进程，但它们只能看到 {{count}} 块 GPU。',
    hint: '请选择与进程数相同的 GPU。',
  },
  gpuMissing: {
    message: '这台机器上没有 GPU {{device}}（共找到 {{count}} 块）。',
    hint: '请选择其他 GPU，或在原来的机器上启动。',
  },
  gpuBusy: {
    message: 'GPU {{device}} 正忙：已用 {{used}} / {{total}} MiB，负载 {{load}}。',
    hint: '请选择其他 GPU，或稍等。',
  },
  checkpointsExist: {
    message: '{{folder}} 中已有 {{count}} 个检查点；训练会从第 {{step}} 步继续。',
    hint: '直接启动即为续训；若要重新训练，请换一个文件夹。',
  },
  missingFile: { message: '{{path}} 不存在。', hint: '请修正 {{flag}}，或创建它。' },
  outsideWorkspace: { message: '{{path}} 在工作区之外，因此没有检查。' },
  configProblem: { message: '配置文件有问题：{{problem}}' },
  folderNotOfConfig: { message: '配置是 {{config}}，但输出文件夹是 {{folder}}。', hint: check },
  configNotOfExperiment: { message: '实验是 {{experiment}}，但配置是 {{config}}。', hint: check },
  folderNotOfExperiment: { message: '实验是 {{experiment}}，但输出文件夹是 {{folder}}。', hint: check },
  mixRatioIgnored: {
    message:
      'task_mix_ratio {{ratio}} 不起作用：is_multi_task_balanced 会让每个条目为两个任务各产生一个样本。',
    hint: '若只训练一个任务，请关闭 is_multi_task_balanced；否则请去掉 task_mix_ratio。',
  },
  deepspeedIgnored: { message: '--deepspeed {{path}} 被忽略：程序始终使用 deepspeed_scripts/zero0.json。' },
  schedulerIgnored: {
    message: '--lr_scheduler_kwargs 被忽略：程序使用 {min_lr: 1e-5} 或 YAML 配置中的值。',
  },
  yamlWins: {
    message: '{{flag}} {{written}} 被忽略：YAML 配置写的是 {{value}}。',
    hint: '请修改 YAML 配置。',
  },
  workersReplaced: { message: '--dataloader_num_workers 0 会变成 CPU 数的一半，最少 4，最多 16。' },
  missingArgument: { message: '缺少 {{flag}}，程序需要它。' },
  repeatedFlag: { message: '{{flag}} 写了 {{count}} 次，以最后一次为准。' },
  noValue: { message: '{{flag}} 没有值。' },
  badInt: { message: '{{flag}} 需要整数，而不是“{{value}}”。' },
  badFloat: { message: '{{flag}} 需要数字，而不是“{{value}}”。' },
  badBool: { message: '{{flag}} 需要 True 或 False，而不是“{{value}}”。' },
  badChoice: { message: '{{flag}} 只能是 {{choices}}，而不是“{{value}}”。' },
  sizeNoNumber: { message: '{{flag}} 的值是“{{written}}”，不是数字。' },
  sizeNoProcesses: { message: '进程数由启动器在启动时决定。' },
  sizeNoEntries: { message: '不知道训练条目的数量。' },
  sizeNoBatch: { message: '{{entries}} 个条目不足一批（{{batch}}）。' },
}

/** The text of a hint, filled in. @param language as i18next names it, such as `zh-CN`. */
export function hintWords(id: HintTextId, values: HintValues, language: string): HintText {
  const { message, hint }: HintText = (language.startsWith('zh') ? chineseHintTexts : hintTexts)[id]
  return {
    message: fillText(message, values),
    ...(hint === undefined ? {} : { hint: fillText(hint, values) }),
  }
}

/** Whether the page knows a text; an engine may be newer than the page. */
export const isHintText = (id: string): id is HintTextId => Object.hasOwn(hintTexts, id)
