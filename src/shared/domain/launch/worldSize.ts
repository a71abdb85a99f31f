/** How many processes a command starts, and which GPUs it may see. */
import { envValue, launcherValue, type LaunchForm } from './launchForm.ts'
import { launcherOf, launcherOfModule } from './launchers.ts'

/** The launcher that decides how many processes run. */
export type DistributedLauncher = 'python' | 'torchrun' | 'deepspeed' | 'accelerate' | 'srun'

/** The launcher of a form; plain `python` when nothing starts several processes. */
export function launcherKind(form: LaunchForm): DistributedLauncher {
  const names = form.stages.flatMap(({ program, items }) => [
    launcherOf(program)?.name,
    ...items.flatMap(({ values }) => values.map(launcherOfModule)),
  ])
  for (const name of ['torchrun', 'deepspeed', 'accelerate', 'srun'] as const)
    if (names.includes(name)) return name
  return 'python'
}

/** The GPUs in CUDA_VISIBLE_DEVICES as written, such as `["0", "1"]`; undefined when the command does not choose. */
export function visibleDevices(form: LaunchForm): string[] | undefined {
  const value = envValue(form, 'CUDA_VISIBLE_DEVICES')
  if (value === undefined) return undefined
  return value
    .split(',')
    .map((device) => device.trim())
    .filter((device) => device !== '')
}

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

/**
 * Number of training processes over all machines; undefined when the command leaves it to the machine
 * (`--nproc_per_node gpu`, `deepspeed` without a number and without CUDA_VISIBLE_DEVICES).
 */
export function worldSize(form: LaunchForm): number | undefined {
  const devices = visibleDevices(form)?.length
  const tasks = count(launcherValue(form, '-n', '--ntasks', '--ntasks-per-node'))
  switch (launcherKind(form)) {
    case 'torchrun': {
      const written = launcherValue(form, '--nproc_per_node') ?? '1'
      const perNode = count(written) ?? (written === 'gpu' || written === 'auto' ? devices : undefined)
      const nodes = count(launcherValue(form, '--nnodes') ?? '1')
      return perNode === undefined || nodes === undefined ? undefined : perNode * nodes
    }
    case 'deepspeed': {
      const included = launcherValue(form, '--include', '-i')
        ?.split('@')
        .flatMap((host) => host.split(':')[1]?.split(',') ?? [])
      const perNode =
        count(launcherValue(form, '--num_gpus')) ?? (included?.length ? included.length : devices)
      return perNode === undefined
        ? undefined
        : perNode * (included?.length ? 1 : (count(launcherValue(form, '--num_nodes')) ?? 1))
    }
    case 'accelerate':
      return count(launcherValue(form, '--num_processes'))
    case 'srun':
      return tasks ?? 1
    case 'python':
      return count(envValue(form, 'WORLD_SIZE')) ?? 1
  }
}

/** The port the processes meet at, and where the command says so. */
export function masterPort(form: LaunchForm): number | undefined {
  const written =
    launcherValue(form, '--master_port', '--main_process_port') ??
    launcherValue(form, '--rdzv_endpoint')?.split(':')[1]
  return (
    count(written) ?? (launcherKind(form) === 'python' ? count(envValue(form, 'MASTER_PORT')) : undefined)
  )
}
