import type { Marker } from '../../../../shared/contract/compare.ts'

/** Positions of the frames that are marked, by their names. */
export function markedPlaces(markers: readonly Marker[], names: readonly string[]): Map<string, number> {
  const marked = new Set(markers.map(({ name }) => name))
  const places = new Map<string, number>()
  if (marked.size > 0) names.forEach((name, at) => marked.has(name) && places.set(name, at))
  return places
}
