/** What hints and sizes say, in English. Pages in other languages have the same keys; `{{name}}` is filled in. */

/** `message` says what is the matter, `hint` what to try. */
export type HintText = { message: string; hint?: string }

export const hintTexts = {
  worldSizeWithoutLauncher: {
    message:
      'WORLD_SIZE is {{size}}, but plain python starts one process: it waits for the others until it times out.',
    hint: 'Start it with torchrun --nproc_per_node={{size}}, or set WORLD_SIZE=1.',
  },
  ranksWithoutLauncher: {
    message: '{{count}} GPUs are chosen, but plain python starts one process, which uses only the first.',
    hint: 'Start it with torchrun --nproc_per_node={{count}}, or choose one GPU.',
  },
  portInUse: {
    message: 'Port {{port}} is taken, probably by another training.',
    hint: 'Let the studio find a free port.',
  },
  moreProcessesThanGpus: {
    message: '{{processes}} processes are started, but only {{count}} GPUs are visible to them.',
    hint: 'Choose as many GPUs as processes.',
  },
  gpuMissing: {
    message: 'GPU {{device}} does not exist on this machine ({{count}} found).',
    hint: 'Choose another GPU, or start it on the machine it was written for.',
  },
  gpuBusy: {
    message: 'GPU {{device}} is busy: {{used}} of {{total}} MiB used, {{load}} load.',
    hint: 'Choose another GPU, or wait.',
  },
  checkpointsExist: {
    message: '{{folder}} already holds {{count}} checkpoints; training will go on from step {{step}}.',
    hint: 'Start to resume, or choose another folder for a new run.',
  },
  missingFile: {
    message: '{{path}} does not exist.',
    hint: 'Correct {{flag}}, or create it.',
  },
  outsideWorkspace: { message: '{{path}} lies outside the workspace, so it was not looked at.' },
  configProblem: { message: '{{problem}}' },
  folderNotOfConfig: {
    message: 'The config is {{config}}, but the output folder is {{folder}}.',
    hint: 'Check that this is meant.',
  },
  configNotOfExperiment: {
    message: 'The experiment is {{experiment}}, but the config is {{config}}.',
    hint: 'Check that this is meant.',
  },
  folderNotOfExperiment: {
    message: 'The experiment is {{experiment}}, but the output folder is {{folder}}.',
    hint: 'Check that this is meant.',
  },
  mixRatioIgnored: {
    message:
      'task_mix_ratio {{ratio}} has no effect: is_multi_task_balanced gives every entry one sample of each task.',
    hint: 'Switch is_multi_task_balanced off to train one task only, or take task_mix_ratio away.',
  },
  deepspeedIgnored: {
    message: '--deepspeed {{path}} is ignored: the program always uses deepspeed_scripts/zero0.json.',
  },
  schedulerIgnored: {
    message:
      '--lr_scheduler_kwargs is ignored: the program uses {min_lr: 1e-5} or the value of the YAML config.',
  },
  yamlWins: {
    message: '{{flag}} {{written}} is ignored: the YAML config says {{value}}.',
    hint: 'Change the YAML config.',
  },
  workersReplaced: {
    message: '--dataloader_num_workers 0 becomes half the CPUs, at least 4 and at most 16.',
  },
  missingArgument: { message: '{{flag}} is missing; the program needs it.' },
  repeatedFlag: { message: '{{flag}} is given {{count}} times; the last one counts.' },
  noValue: { message: '{{flag}} has no value.' },
  badInt: { message: '{{flag}} needs a whole number, not "{{value}}".' },
  badFloat: { message: '{{flag}} needs a number, not "{{value}}".' },
  badBool: { message: '{{flag}} needs True or False, not "{{value}}".' },
  badChoice: { message: '{{flag}} knows {{choices}}, not "{{value}}".' },
  sizeNoNumber: { message: '{{flag}} is "{{written}}", which is no number.' },
  sizeNoProcesses: { message: 'The number of processes is chosen by the launcher when it starts.' },
  sizeNoEntries: { message: 'The number of training entries is not known.' },
  sizeNoBatch: { message: '{{entries}} entries do not fill one batch of {{batch}}.' },
} satisfies Record<string, HintText>

export type HintTextId = keyof typeof hintTexts
export type HintValues = Readonly<Record<string, string | number>>

/** A text with its values filled in. */
export const fillText = (text: string, values: HintValues): string =>
  text.replace(/\{\{(\w+)\}\}/g, (all, name: string) => (name in values ? String(values[name]) : all))
