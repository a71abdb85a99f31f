/** The experiments as lines of a tree, in the order of the lab book. */
import type { ExperimentNode } from '../../../../shared/contract/experiments.ts'

export type TreeRow = { node: ExperimentNode; depth: number }

/**
 * Depth follows the parents, so that a skipped heading level leaves no gap.
 *
 * @param text keeps experiments whose name or tags have it, and what they lie in.
 */
export function treeRows(nodes: readonly ExperimentNode[], text = ''): TreeRow[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parentsOf = (node: ExperimentNode): ExperimentNode[] => {
    const above: ExperimentNode[] = []
    for (let id = node.parentId; id !== null && above.length < nodes.length;) {
      const parent = byId.get(id)
      if (!parent) break
      above.push(parent)
      id = parent.parentId
    }
    return above
  }
  const wanted = text.trim().toLowerCase()
  const kept = new Set<string>()
  for (const node of nodes) {
    const isFound = [node.name, ...node.tags].some((one) => one.toLowerCase().includes(wanted))
    if (isFound) for (const one of [node, ...parentsOf(node)]) kept.add(one.id)
  }
  return nodes.filter(({ id }) => kept.has(id)).map((node) => ({ node, depth: parentsOf(node).length }))
}
