/** The page Evaluate with these checkpoints chosen. */
export const routeToEvaluate = (checkpoints: readonly string[]): string => {
  const query = new URLSearchParams(checkpoints.map((path) => ['checkpoint', path]))
  return checkpoints.length === 0 ? '/evaluate' : `/evaluate?${query.toString()}`
}
