/** What the map worker does: the map behind one score of one pair, from two files. */
import type { MapKind } from '../../../shared/contract/compare.ts'
import type { SquareResize } from '../../../shared/domain/protocol.ts'
import { AppError } from '../../../shared/errors.ts'
import { decodeImageFile } from '../images/imageFile.ts'
import { resize } from '../images/resample.ts'
import { ssimMap } from '../metrics/ssim/kernel.ts'
import { createNetwork, type Network } from '../networks/session.ts'
import type { NetworkSpec } from '../networks/spec.ts'

export type MapTask = {
  kind: MapKind
  /** Absolute paths. */
  reference: string
  prediction: string
  /** The size and filter of the run's protocol. */
  size: SquareResize
  /** For LPIPS. */
  network?: { spec: NetworkSpec; files: string[] }
}

/** One value per pixel, rows from the top; `mean` is the frame's score. */
export type MetricMap = { width: number; height: number; mean: number; values: Float32Array<ArrayBuffer> }

/** A handler that keeps the networks it loaded; a thread makes one. @throws AppError naming the file or the limit. */
export function createMapTasks(): (task: MapTask) => Promise<MetricMap> {
  const networks = new Map<string, Promise<Network>>()
  const networkOf = ({ spec, files }: NonNullable<MapTask['network']>): Promise<Network> => {
    const key = JSON.stringify([spec, files])
    const known = networks.get(key) ?? createNetwork(spec, files, 'cpu')
    networks.set(key, known)
    known.catch(() => networks.delete(key))
    return known
  }
  return async (task) => {
    const { size, filter } = task.size
    const [reference, prediction] = await Promise.all(
      [task.reference, task.prediction].map(async (path) => {
        const { data } = resize(await decodeImageFile(path), size, size, filter)
        return Uint8Array.from(data)
      }),
    )
    const values =
      task.kind === 'ssim'
        ? ssimMap(reference, prediction, size, size)
        : await lpipsMap(await networkOf(requireNetwork(task)), reference, prediction, size)
    if ('reason' in values) throw new AppError('unsupported', values.reason)
    let sum = 0
    for (const value of values) sum += value
    return { width: size, height: size, mean: sum / values.length, values }
  }
}

async function lpipsMap(network: Network, reference: Uint8Array, prediction: Uint8Array, size: number) {
  return Float32Array.from(await network.run([reference, prediction], 1, { width: size, height: size }))
}

function requireNetwork({ network }: MapTask): NonNullable<MapTask['network']> {
  if (!network) throw new AppError('internal', 'An LPIPS map needs the network.')
  return network
}
