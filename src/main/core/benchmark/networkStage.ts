/**
 * The second stage of the pipeline: collects frames into batches for the networks, which run in a worker thread of
 * their own while the frame workers decode the next pairs. Whatever waits when the worker is free is sent at once, so
 * batches grow with the load and no frame ever waits for company.
 */
import type { NetworkTask, NetworkReply } from '../networks/networkTask.ts'
import type { Pool } from '../../workers/pool.ts'

/** One item of a batch: pixels in, that item's row of the output back. */
type Item = {
  inputs: (Uint8Array | Float32Array)[]
  resolve: (row: Float32Array) => void
  reject: (error: unknown) => void
}

export type NetworkStage = {
  /** Runs one item through a loaded network: one input (features) or two (pair); gives its output row. */
  run(network: string, inputs: (Uint8Array | Float32Array)[]): Promise<Float32Array>
}

/**
 * @param pool the network worker, a pool of one thread.
 * @param batchSize most items per batch; a network's memory grows with it.
 */
export function createNetworkStage(pool: Pool<NetworkTask, NetworkReply>, batchSize: number): NetworkStage {
  const waiting = new Map<string, Item[]>()
  let isBusy = false

  /** Sends the longest queue; the worker is never asked for two batches at once. */
  function feed(): void {
    if (isBusy) return
    const [network, items] = [...waiting].sort(([, a], [, b]) => b.length - a.length)[0] ?? []
    if (network === undefined || items === undefined || items.length === 0) return
    isBusy = true
    void runBatch(network, items.splice(0, batchSize)).finally(() => {
      isBusy = false
      feed()
    })
  }

  async function runBatch(network: string, items: Item[]): Promise<void> {
    try {
      const inputs = items[0].inputs.map((_, input) => joined(items.map((item) => item.inputs[input])))
      const task: NetworkTask = { type: 'run', network, inputs, batch: items.length }
      const reply = await pool.run(
        task,
        inputs.map(({ buffer }) => buffer),
      )
      if (reply.type !== 'rows') throw new Error('The network worker gave no rows.')
      const width = reply.rows.length / items.length
      items.forEach((item, index) => item.resolve(reply.rows.slice(index * width, (index + 1) * width)))
    } catch (error) {
      for (const item of items) item.reject(error)
    }
  }

  return {
    run: (network, inputs) =>
      new Promise((resolve, reject) => {
        const items = waiting.get(network) ?? []
        waiting.set(network, items)
        items.push({ inputs, resolve, reject })
        feed()
      }),
  }
}

/** Copies the parts behind one another into one buffer that can be transferred. */
function joined(
  parts: readonly (Uint8Array | Float32Array)[],
): Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const whole = parts[0] instanceof Float32Array ? new Float32Array(length) : new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
