/** Rows of Markdown tables; a row may hold commands. */
import { codeSpans } from './codeSpans.ts'
import { isBareLaunch, mentionsLaunch, readSpan, type FoundLaunch, type FoundProblem } from './launchText.ts'
import { cellsOf } from './markup.ts'
import { oneLine, type Reading, type Source, type Token } from './token.ts'

const isRow = (line: string | undefined) => line !== undefined && /^\s*\|.*\|\s*$/.test(line)
const isDivider = (line: string | undefined) => line !== undefined && /^\s*\|[|\s:+-]+\|\s*$/.test(line)

/**
 * The table row at a line: a `commands` token with the other cells as its text, or a `table` token.
 *
 * @param before the token in front of it.
 */
export function readTableRow(source: Source, at: number, before: Token | undefined): Reading | undefined {
  const { lines } = source
  if (!isRow(lines[at])) return undefined
  const cells = cellsOf(lines[at])
  const titles = before?.kind === 'table' || before?.kind === 'commands' ? titlesAbove(lines, at) : []
  const commands: FoundLaunch[] = []
  const problems: FoundProblem[] = []
  const rest: string[] = []
  for (const [column, cell] of cells.entries()) {
    const spans = codeSpans(cell).filter(({ content }) => mentionsLaunch(content))
    const texts = spans.length > 0 ? spans.map(({ content }) => content) : isBareLaunch(cell) ? [cell] : []
    const title = titles[column] ?? ''
    if (texts.length === 0 && cell !== '') rest.push(title === '' ? cell : `${title}: ${cell}`)
    for (const text of texts) {
      const found = readSpan(text)
      commands.push(...found.launches.map((launch) => ({ ...launch, line: at })))
      problems.push(...found.problems.map((problem) => ({ ...problem, line: at })))
    }
  }
  if (commands.length === 0 && problems.length === 0)
    return oneLine(source, { kind: 'table', text: lines[at].trim() }, at)
  const text = { marker: null, before: rest.join(' · '), after: '' }
  return oneLine(source, { kind: 'commands', ...text, commands, problems }, at)
}

/** The column titles of the table that a row belongs to; none when its first row is no title row. */
function titlesAbove(lines: readonly string[], at: number): string[] {
  let first = at
  while (isRow(lines[first - 1])) first--
  return isDivider(lines[first + 1]) ? cellsOf(lines[first]) : []
}
