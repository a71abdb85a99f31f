/** Python tracebacks in console output: chained ones as one text, those of ranks without their label. */

/** `text` as Python printed it, causes included; `exception` is the line that names the last exception. */
export type Traceback = { text: string; exception: string | null }

/** Launchers report that a child failed; the child's own traceback says why. */
const secondHand = /ChildFailedError|SignalException|ProcessExitedException|CalledProcessError/
const rankLabel = /^\[(?:rank|default)?\d+\]:\s?/
const head = /^\s*(?:\+ Exception Group )?Traceback \(most recent call last\):/
const link =
  /^(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):/
/** A script that cannot be compiled has no frames, and Python prints no head. */
const compileError = /^(?:SyntaxError|IndentationError|TabError): /
/** What a loop or a logger writes after the exception is not part of it. */
const foreign = /^\d{4}-\d\d-\d\d |%\|/
/** Of longer ones (recursion) the beginning and the end are kept. */
const kept = { first: 20, last: 60 }

/** The last traceback in the texts (first text first); a launcher's own only when there is no other. */
export function lastTraceback(output: readonly string[]): Traceback | null {
  const found = output.map(tracebacksOf)
  const own = found.flatMap((list) =>
    list.filter(({ exception }) => !secondHand.test(exception ?? '')).slice(-1),
  )
  return own[0] ?? found.flatMap((list) => list.slice(-1))[0] ?? null
}

function tracebacksOf(text: string): Traceback[] {
  const lines = text.split(/\r\n|\n|\r/)
  const found: Traceback[] = []
  let isLinked = false
  for (let at = 0; at < lines.length;) {
    const label = rankLabel.exec(lines[at]!)?.[0] ?? ''
    const line = lines[at]!.slice(label.length)
    const block = head.test(line)
      ? blockAt(lines, at, label.trimEnd())
      : compileError.test(line)
        ? compileErrorAt(lines, at)
        : undefined
    if (!block) {
      // Blank lines stand around the sentence that links two tracebacks; anything else parts them.
      if (line.trim() !== '') isLinked = link.test(line)
      at++
      continue
    }
    const before = isLinked ? found.pop() : undefined
    found.push(before ? { ...block, text: `${before.text}\n\n${block.link}\n\n${block.text}` } : block)
    isLinked = false
    at = block.end
  }
  return found.map(({ text: whole, exception }) => ({ text: shortened(whole), exception }))
}

type Block = Traceback & { end: number; link: string }

/** The traceback whose head stands at `at`, with the sentence before it that may link it to another. */
function blockAt(lines: readonly string[], at: number, label: string): Block {
  const own = (line: string) => (label === '' ? line : line.slice(label.length).replace(/^\s/, ''))
  const block = [own(lines[at]!).trim()]
  let exception: string | null = null
  let end = at + 1
  for (; end < lines.length; end++) {
    if (!lines[end]!.startsWith(label)) break
    const line = own(lines[end]!)
    if (line.trim() === '' || head.test(line) || link.test(line)) break
    if (exception !== null && foreign.test(line)) break
    if (exception === null && /^\S/.test(line)) exception = line
    block.push(line)
  }
  let linkAt = at - 1
  while (linkAt >= 0 && own(lines[linkAt]!).trim() === '') linkAt--
  return { text: block.join('\n'), exception, end, link: linkAt < 0 ? '' : own(lines[linkAt]!) }
}

/** `  File "x.py", line 3`, the line, a mark under it, and at `at` what is wrong with it. */
function compileErrorAt(lines: readonly string[], at: number): Block {
  let start = at
  while (start > 0 && /^\s+\S/.test(lines[start - 1]!)) start--
  return { text: lines.slice(start, at + 1).join('\n'), exception: lines[at]!, end: at + 1, link: '' }
}

function shortened(text: string): string {
  const lines = text.split('\n')
  if (lines.length <= kept.first + kept.last) return text
  return [...lines.slice(0, kept.first), '  …', ...lines.slice(-kept.last)].join('\n')
}
