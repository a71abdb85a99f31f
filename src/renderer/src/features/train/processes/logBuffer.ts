/** Console output as lines, as it streams in. Keeps the newest part, so that memory stays flat at any rate. */

export type LogBuffer = {
  /** Lines as they stand; the last one may still grow. */
  readonly lines: readonly string[]
  /** How many older lines were let go. */
  readonly dropped: number
  append(text: string): void
  clear(): void
}

// eslint-disable-next-line no-control-regex -- colours and cursor movements of terminals begin with this character
const terminalCodes = /\u001b(?:\[[0-9;?]*[A-Za-z]|\][^\u0007]*\u0007|[()][A-Z0-9])/g
/** The beginning of such a code, whose rest comes with the next piece. */
// eslint-disable-next-line no-control-regex
const halfCode = /\u001b(?:\[[0-9;?]*|\][^\u0007]{0,200}|[()])?$/
/** A line that never ends is cut, so that it can be shown at all. */
const longestLine = 20_000

/**
 * A carriage return begins the line anew, as progress bars do on a terminal.
 *
 * @param most lines kept; older ones go in large steps, so that appending stays cheap.
 */
export function createLogBuffer(most = 200_000): LogBuffer {
  let lines: string[] = ['']
  let dropped = 0
  let hasReturned = false
  let held = ''

  /** The last line with `text` after it; what stands before a carriage return is overwritten. */
  function extend(text: string): void {
    for (const [index, part] of text.split('\r').entries()) {
      if (index > 0) hasReturned = true
      if (part === '') continue
      const before = hasReturned ? '' : lines[lines.length - 1]
      hasReturned = false
      lines[lines.length - 1] = (before + part).slice(0, longestLine)
    }
  }
  return {
    get lines() {
      return lines
    },
    get dropped() {
      return dropped
    },
    append(text) {
      const whole = held + text
      held = halfCode.exec(whole)?.[0] ?? ''
      const known = held === '' ? whole : whole.slice(0, -held.length)
      const clean = known.includes('\u001b') ? known.replace(terminalCodes, '') : known
      let from = 0
      for (let end = clean.indexOf('\n'); end >= 0; end = clean.indexOf('\n', from)) {
        const line = clean.slice(from, end)
        if (line.includes('\r') || hasReturned || lines[lines.length - 1] !== '') {
          // The return of a Windows line end overwrites nothing.
          extend(line.endsWith('\r') ? line.slice(0, -1) : line)
          hasReturned = false
        } else lines[lines.length - 1] = line.length > longestLine ? line.slice(0, longestLine) : line
        lines.push('')
        from = end + 1
      }
      extend(clean.slice(from))
      if (lines.length > most * 1.25) {
        const gone = lines.length - most
        lines = lines.slice(gone)
        dropped += gone
      }
    },
    clear() {
      lines = ['']
      dropped = 0
      hasReturned = false
      held = ''
    },
  }
}
