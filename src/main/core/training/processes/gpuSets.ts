/** Which GPUs a process uses, from CUDA_VISIBLE_DEVICES, and whether two processes would share one. */

/** Stands for every GPU: the variable is not set. */
export const allGpus = 'all'

/**
 * Reads CUDA_VISIBLE_DEVICES as CUDA does: the list ends at the first entry that is no device.
 *
 * @param value `undefined` when not set.
 * @param known the machine's GPUs; with them, UUIDs (also shortened) become indices and "not set" on a machine without a GPU means none.
 * @returns indices or UUIDs as text, `['all']` when not set, `[]` for none.
 */
export function gpusOf(
  value: string | undefined,
  known?: readonly { index: number; uuid: string }[],
): string[] {
  if (value === undefined) return known?.length === 0 ? [] : [allGpus]
  const gpus: string[] = []
  for (const entry of value.split(',').map((text) => text.trim())) {
    if (!/^(\d+|GPU-[\w-]+|MIG-[\w/-]+)$/i.test(entry)) break
    const named = known?.filter(({ uuid }) => uuid.toLowerCase().startsWith(entry.toLowerCase())) ?? []
    const gpu =
      named.length === 1 ? String(named[0]!.index) : /^\d+$/.test(entry) ? String(Number(entry)) : entry
    if (!gpus.includes(gpu)) gpus.push(gpu)
  }
  return gpus
}

/** Whether two sets share a GPU. A UUID that could not be resolved may be any of them. */
export function sharesGpu(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false
  const isOpen = (gpu: string) => !/^\d+$/.test(gpu)
  if (a.some((gpu) => b.includes(gpu))) return true
  const mixed = (x: readonly string[], y: readonly string[]) =>
    x.some((gpu) => gpu === allGpus || (isOpen(gpu) && y.some((other) => !isOpen(other))))
  return mixed(a, b) || mixed(b, a)
}
