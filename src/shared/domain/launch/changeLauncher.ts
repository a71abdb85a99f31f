/** Changes how a command is started, without touching the script's own arguments. */
import { launcherOf } from './launchers.ts'
import {
  envValue,
  launcherValue,
  nextItemId,
  withEnv,
  withItemValues,
  type LaunchForm,
  type LaunchItem,
} from './launchForm.ts'
import { launcherKind, masterPort, type DistributedLauncher } from './worldSize.ts'

const rankVariables = ['MASTER_ADDR', 'MASTER_PORT', 'RANK', 'LOCAL_RANK', 'WORLD_SIZE']

/**
 * The form with another launcher. `torchrun`, `deepspeed` and `accelerate` set the rank variables themselves, so
 * those are taken out of the command; `python` gets them as the scripts expect (one process, rank 0).
 *
 * @param settings.processes processes on this machine, at least 1.
 * @param settings.port where they meet; the present one when left out.
 */
export function withLauncher(
  form: LaunchForm,
  launcher: Exclude<DistributedLauncher, 'srun'>,
  settings: { processes: number; port?: number },
): LaunchForm {
  const port = settings.port ?? masterPort(form)
  let id = nextItemId(form)
  const option = (flag: string, value: string | number): LaunchItem => ({
    id: id++,
    flag,
    style: 'equals',
    values: [String(value)],
  })
  const wrappers = form.stages.filter(({ program }) => launcherOf(program)?.starts === 'command')
  const build = (program: string, items: LaunchItem[]) => ({
    ...form,
    stages: [...wrappers, { program, items }],
  })

  if (launcher === 'python') {
    let plain = build('python', [])
    const values = {
      MASTER_ADDR: '127.0.0.1',
      MASTER_PORT: String(port ?? 29500),
      RANK: '0',
      LOCAL_RANK: '0',
      WORLD_SIZE: '1',
    }
    for (const [name, value] of Object.entries(values))
      if (name === 'MASTER_PORT' || name === 'WORLD_SIZE' || envValue(plain, name) === undefined)
        plain = withEnv(plain, name, value)
    return plain
  }
  const portFlag = launcher === 'accelerate' ? '--main_process_port' : '--master_port'
  const countFlag = { torchrun: '--nproc_per_node', deepspeed: '--num_gpus', accelerate: '--num_processes' }[
    launcher
  ]
  const items: LaunchItem[] = []
  if (launcher === 'accelerate') items.push({ id: id++, flag: null, style: 'space', values: ['launch'] })
  items.push(option(countFlag, settings.processes))
  if (port !== undefined) items.push(option(portFlag, port))
  return rankVariables.reduce((changed, name) => withEnv(changed, name, undefined), build(launcher, items))
}

/** The form with another meeting port, written where the command has it; the form itself when it has none. */
export function withPort(form: LaunchForm, port: number): LaunchForm {
  const flags = ['--master_port', '--main_process_port', '--master-port']
  const item = form.stages
    .flatMap(({ items }) => items)
    .findLast(({ flag }) => flag !== null && flags.includes(flag))
  if (item) return withItemValues(form, item.id, [String(port)])
  if (launcherKind(form) === 'python') return withEnv(form, 'MASTER_PORT', String(port))
  const endpoint = launcherValue(form, '--rdzv_endpoint')
  if (endpoint !== undefined || launcherValue(form, '--standalone') !== undefined) return form
  const stages = form.stages.map((stage) =>
    ['torchrun', 'deepspeed'].includes(launcherOf(stage.program)?.name ?? '')
      ? {
          ...stage,
          items: [
            ...stage.items,
            { id: nextItemId(form), flag: '--master_port', style: 'equals' as const, values: [String(port)] },
          ],
        }
      : stage,
  )
  return { ...form, stages }
}

/** The form with the given GPUs; none leaves the choice to the machine. */
export function withDevices(form: LaunchForm, devices: readonly string[]): LaunchForm {
  return withEnv(form, 'CUDA_VISIBLE_DEVICES', devices.length === 0 ? undefined : devices.join(','))
}
