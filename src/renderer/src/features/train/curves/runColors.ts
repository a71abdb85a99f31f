/** Every run keeps its colour on the page: by its place among the chosen ones. */
export const runColor = (index: number): string => `--run-${(index % 7) + 1}`

/** The value of a CSS variable of the present theme. */
export const cssValue = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()
