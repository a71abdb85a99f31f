/** The Benchmark page with these evaluation runs chosen. */
export const routeToBenchmark = (runPaths: readonly string[]): string => {
  const query = new URLSearchParams(runPaths.map((path) => ['run', path]))
  return runPaths.length === 0 ? '/benchmark' : `/benchmark?${query.toString()}`
}
