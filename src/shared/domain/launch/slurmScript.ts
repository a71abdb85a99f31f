/** Writes the sbatch script for a form. It is shown before anything is submitted. */
import { AppError } from '../../errors.ts'
import { quoteShellWord } from '../shellWords.ts'
import type { LaunchForm } from './launchForm.ts'
import { slurmCommand, type SlurmArray } from './slurmCommand.ts'
import { visibleDevices, worldSize } from './worldSize.ts'

/** What is asked of Slurm. Sizes and times are written as Slurm wants them (`50G`, `48:00:00`). */
export type SlurmSettings = {
  jobName: string
  partition?: string
  nodes?: number
  /** Number of GPUs; as many as the command uses when left out. */
  gpus?: number
  cpusPerTask?: number
  memory?: string
  time?: string
  account?: string
  qos?: string
  nodelist?: string
  /** Folder for the console output, `%j` in the file names is the job's number. */
  logFolder?: string
  workingFolder?: string
  /** Conda environment to activate. */
  condaEnvironment?: string
  /** Several tasks instead of one. */
  array?: SlurmArray
}

/**
 * The script text. Secrets are not in it: it says which variables must be set when it is submitted.
 *
 * @throws AppError `usage` when a setting holds a line break or another control character.
 */
export function slurmScript(form: LaunchForm, settings: SlurmSettings): string {
  for (const [name, value] of Object.entries(settings))
    // eslint-disable-next-line no-control-regex -- these are the characters that would start another line
    if (typeof value === 'string' && /[\0-\x1f\x7f]/.test(value))
      throw new AppError('usage', `The Slurm setting ${name} holds a line break or control character.`, {
        hint: 'Write it on one line.',
      })
  const { array } = settings
  if (array && array.values.length === 0)
    throw new AppError('usage', `No values of ${array.flag} were given.`, { hint: 'Write one per line.' })
  const gpus = settings.gpus ?? visibleDevices(form)?.length ?? worldSize(form) ?? 1
  const logs = (settings.logFolder ?? 'slurm_logs').replace(/\/+$/, '')
  const directives: [string, string | number | undefined][] = [
    ['job-name', settings.jobName],
    ['nodes', settings.nodes ?? 1],
    ['tasks-per-node', 1],
    ['mem', settings.memory ?? '50G'],
    ['partition', settings.partition],
    ['account', settings.account],
    ['qos', settings.qos],
    ['nodelist', settings.nodelist],
    ['gres', gpus > 0 ? `gpu:${gpus}` : undefined],
    ['time', settings.time ?? '48:00:00'],
    ['cpus-per-task', settings.cpusPerTask ?? 8],
    ['array', array && `0-${array.values.length - 1}${array.atOnce ? `%${array.atOnce}` : ''}`],
    ['output', `${logs}/${array ? '%A_%a' : '%j'}.out`],
    ['error', `${logs}/${array ? '%A_%a' : '%j'}.err`],
  ]
  const { before, command, secretNames } = slurmCommand(form, array)
  return [
    '#!/bin/bash',
    ...directives.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [`#SBATCH --${name}=${directiveValue(String(value))}`],
    ),
    '',
    'set -e',
    ...secretNames.map((name) => `: "\${${name}:?is not kept in this script; export it before sbatch}"`),
    ...(settings.workingFolder === undefined ? [] : [`cd ${quoteShellWord(settings.workingFolder)}`]),
    ...(settings.condaEnvironment === undefined
      ? []
      : ['eval "$(conda shell.bash hook)"', `conda activate ${quoteShellWord(settings.condaEnvironment)}`]),
    // A script that needs no PyTorch starts all the same.
    `python -c 'import torch; print("CUDA Available:", torch.cuda.is_available())' || true`,
    ...before,
    command,
    '',
  ].join('\n')
}

const directiveValue = (value: string) =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
