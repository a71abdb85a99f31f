/** What the network worker does: loads networks by name and runs batches through them. */
import type { Device } from './spec.ts'
import type { NetworkSpec } from './spec.ts'
import { createNetwork, type Network } from './session.ts'

export type NetworkTask =
  | { type: 'load'; network: string; spec: NetworkSpec; files: string[]; device: Device; threads?: number }
  | { type: 'run'; network: string; inputs: (Uint8Array | Float32Array)[]; batch: number }

export type NetworkReply =
  { type: 'loaded'; provider: string; key: string; notes: string[] } | { type: 'rows'; rows: Float32Array }

/** A handler with its own set of loaded networks; a thread makes one and keeps it. */
export function createNetworkTasks(): (task: NetworkTask) => Promise<NetworkReply> {
  const networks = new Map<string, Network>()
  return async (task) => {
    if (task.type === 'load') {
      const network = await createNetwork(task.spec, task.files, task.device, { threads: task.threads })
      networks.set(task.network, network)
      return { type: 'loaded', provider: network.provider, key: network.key, notes: network.notes }
    }
    const network = networks.get(task.network)
    if (!network) throw new Error(`The network ${task.network} was not loaded.`)
    return { type: 'rows', rows: await network.run(task.inputs, task.batch) }
  }
}
