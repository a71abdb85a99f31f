/** Hints about processes, ports and GPUs. */
import { kindOfScript } from '../catalogue.ts'
import { envValue, type LaunchForm } from '../launchForm.ts'
import { launcherKind, masterPort, visibleDevices, worldSize } from '../worldSize.ts'
import { hintOf, type GpuFact, type HintFacts, type LaunchHint } from './hint.ts'

/** A GPU counts as busy when a tenth of its memory or a tenth of its time is taken. */
const busyShare = 0.1

/** Whether the launcher fits the number of processes and GPUs. */
export function processHints(form: LaunchForm): LaunchHint[] {
  const devices = visibleDevices(form)
  if (launcherKind(form) !== 'python') {
    const processes = worldSize(form)
    const isTooFew = devices !== undefined && devices.length > 0 && (processes ?? 0) > devices.length
    return isTooFew
      ? [
          hintOf(
            'gpu-count',
            'error',
            'moreProcessesThanGpus',
            { processes: processes ?? 0, count: devices.length },
            'CUDA_VISIBLE_DEVICES',
          ),
        ]
      : []
  }
  const hints: LaunchHint[] = []
  const size = envValue(form, 'WORLD_SIZE')
  if (size !== undefined && Number(size) > 1)
    hints.push(
      hintOf('world-size-without-launcher', 'error', 'worldSizeWithoutLauncher', { size }, 'WORLD_SIZE'),
    )
  if (kindOfScript(form.script ?? '') === 'train' && devices !== undefined && devices.length > 1)
    hints.push(
      hintOf(
        'ranks-without-launcher',
        'warning',
        'ranksWithoutLauncher',
        { count: devices.length },
        'CUDA_VISIBLE_DEVICES',
      ),
    )
  return hints
}

/** Whether the port is free, and the chosen GPUs are there and idle. */
export function machineHints(form: LaunchForm, { isPortFree, gpus }: HintFacts): LaunchHint[] {
  const hints: LaunchHint[] = []
  const port = masterPort(form)
  if (port !== undefined && isPortFree === false)
    hints.push(hintOf('port-in-use', 'error', 'portInUse', { port }, 'MASTER_PORT'))
  if (gpus === undefined) return hints
  for (const device of visibleDevices(form) ?? []) {
    const gpu = gpus.find(({ index, uuid }) => String(index) === device || uuid === device)
    if (!gpu)
      hints.push(
        hintOf(
          'gpu-missing',
          'warning',
          'gpuMissing',
          { device, count: gpus.length },
          'CUDA_VISIBLE_DEVICES',
        ),
      )
    else if (isBusy(gpu))
      hints.push(
        hintOf(
          'gpu-busy',
          'warning',
          'gpuBusy',
          {
            device,
            used: Math.round(gpu.memoryUsedMiB),
            total: Math.round(gpu.memoryTotalMiB),
            load: gpu.utilisationPercent === undefined ? '? %' : `${gpu.utilisationPercent} %`,
          },
          'CUDA_VISIBLE_DEVICES',
        ),
      )
  }
  return hints
}

const isBusy = ({ memoryUsedMiB, memoryTotalMiB, utilisationPercent = 0 }: GpuFact) =>
  memoryUsedMiB > busyShare * memoryTotalMiB || utilisationPercent > busyShare * 100
