/**
 * The second stage of the pipeline: collects frames into batches for the networks, which run in threads of
 * their own while the frame workers decode the next pairs. Whatever waits when a thread is free is sent at once, so
 * batches grow with the load and no frame ever waits for company.
 */
import type { NetworkThreads } from './networkThreads.ts'

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
 * @param threads the network threads, with every network loaded.
 * @param batchSize most items per batch; a network's memory grows with it.
 */
export function createNetworkStage(threads: NetworkThreads, batchSize: number): NetworkStage {
  const waiting = new Map<string, Item[]>()
  const isBusy = Array.from({ length: threads.count }, () => false)

  /** Gives every free thread the longest queue of a network it has; no thread is asked for two batches at once. */
  function feed(): void {
    const queues = [...waiting]
      .filter(([, items]) => items.length > 0)
      .sort(([, a], [, b]) => b.length - a.length)
    for (const [network, items] of queues) {
      const free = threads.threadsOf(network).find((thread) => !isBusy[thread])
      if (free === undefined) continue
      isBusy[free] = true
      // Shared out, so that a short queue keeps all threads at work.
      const share = Math.min(batchSize, Math.ceil(items.length / threads.threadsOf(network).length))
      void runBatch(free, network, items.splice(0, share)).finally(() => {
        isBusy[free] = false
        feed()
      })
    }
  }

  async function runBatch(thread: number, network: string, items: Item[]): Promise<void> {
    try {
      const inputs = items[0].inputs.map((_, input) => joined(items.map((item) => item.inputs[input])))
      const rows = await threads.run(thread, network, inputs, items.length)
      const width = rows.length / items.length
      items.forEach((item, index) => item.resolve(rows.slice(index * width, (index + 1) * width)))
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
