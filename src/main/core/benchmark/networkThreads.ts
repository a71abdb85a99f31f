/**
 * The threads that run networks. Several sessions of one thread each get more done on a processor than one session of
 * several threads, whose members wait for each other; on a GPU, and for the gigabytes of a CLIP tower, there is one.
 */
import { createPool, type Pool, type WorkerEntry } from '../../workers/pool.ts'
import type { NetworkReply, NetworkTask } from '../networks/networkTask.ts'
import type { Device, NetworkSpec } from '../networks/spec.ts'

type Loaded = Extract<NetworkReply, { type: 'loaded' }>

export type NetworkThreads = {
  /** Loads a network on as many threads as suit it. @throws AppError as `createNetwork` does. */
  load(network: string, spec: NetworkSpec, files: string[], device: Device): Promise<Loaded>
  /** Numbers of the threads that have a network. */
  threadsOf(network: string): readonly number[]
  /** Runs a batch on one thread and gives the rows. */
  run(
    thread: number,
    network: string,
    inputs: (Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>)[],
    batch: number,
  ): Promise<Float32Array>
  readonly count: number
  close(): Promise<void>
}

/** More sessions than this take memory without being faster, since frames have to be decoded too. */
const mostThreads = 4

/** @param cores of the machine. */
export function createNetworkThreads(entry: ReturnType<WorkerEntry>, cores: number): NetworkThreads {
  const count = Math.max(1, Math.min(mostThreads, Math.floor(cores / 2) + (cores <= 3 ? 1 : 0), cores))
  const pools: Pool<NetworkTask, NetworkReply>[] = Array.from({ length: count }, () =>
    createPool({ entry, size: 1 }),
  )
  const holders = new Map<string, number[]>()

  async function loadOn(thread: number, task: NetworkTask): Promise<Loaded> {
    const reply = await pools[thread].run(task)
    if (reply.type !== 'loaded') throw new Error('The network worker did not load the network.')
    return reply
  }

  return {
    count,
    async load(network, spec, files, device) {
      const isLarge = spec.kind === 'clip'
      const threads = isLarge ? cores : Math.max(1, Math.floor(cores / count))
      const task: NetworkTask = { type: 'load', network, spec, files, device, threads }
      const first = await loadOn(0, task)
      const isAlone = isLarge || first.provider !== 'cpu'
      if (!isAlone) await Promise.all(pools.slice(1).map((_, index) => loadOn(index + 1, task)))
      holders.set(network, isAlone ? [0] : pools.map((_, index) => index))
      return first
    },
    threadsOf: (network) => holders.get(network) ?? [],
    async run(thread, network, inputs, batch) {
      const task: NetworkTask = { type: 'run', network, inputs, batch }
      const reply = await pools[thread].run(
        task,
        inputs.map(({ buffer }) => buffer),
      )
      if (reply.type !== 'rows') throw new Error('The network worker gave no rows.')
      return reply.rows
    },
    close: async () => void (await Promise.all(pools.map((pool) => pool.close()))),
  }
}
