/** Cuts a stream of text into lines. Progress bars end theirs with `\r`, so that ends a line too. */
export function createLineSplitter(onLine: (line: string) => void) {
  let rest = ''
  return {
    push: (text: string): void => {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    },
    /** Hands over a last line that had no end. */
    end: (): void => {
      if (rest !== '') onLine(rest.replace(/\r$/, ''))
      rest = ''
    },
  }
}
