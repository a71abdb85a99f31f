/** Decides what a line of text is to the lines below it: it opens a run, it is the label of a command, or it is a note. */
import { experimentId, type CommandLabels } from '../../../../shared/domain/labBook.ts'
import { isTodo, namesActivity, readLabel, scriptIn } from './labels.ts'
import type { Token } from './token.ts'

export type TextToken = Extract<Token, { kind: 'text' }>

/** A line of text with its surroundings. */
export type TextLine = {
  token: TextToken
  before: Token | undefined
  /** The next token that is neither blank nor a fence. */
  after: Token | undefined
  /** Whether a command follows at once. */
  headsCommand: boolean
  /** Identifier of the section it stands in. */
  sectionId: string | undefined
  /** Identifiers of all headings of the book. */
  headingIds: ReadonlySet<string | undefined>
}

/** A bullet opens a run when commands follow it at once, or as its indented content. */
export function isRun({ token, before, after, headsCommand, sectionId, headingIds }: TextLine): boolean {
  if (token.marker !== 'bullet' && token.marker !== 'number') return false
  const isContent = after?.kind === 'commands' && after.indent > token.indent
  if (!headsCommand && !isContent) return false
  const id = experimentId(token.text)
  if (namesActivity(token.text) || (id === undefined && hasFacts(readLabel(token.text)))) return false
  // "- exp5 + a new head" in another section is a note about exp5, which has a section of its own.
  if (id !== undefined && id !== sectionId && headingIds.has(id)) return false
  return id !== undefined || !isInList(token, before)
}

/** Whether a line is the label of the command below it. */
export function isLabel({ token, before, after, headsCommand }: TextLine): boolean {
  const { text } = token
  if (text.length > 300 || token.problems.length > 0) return false
  // What is indented deeper than the command belongs to something above it.
  const heads = headsCommand && after !== undefined && after.indent >= token.indent
  if (token.marker === 'comment') return heads
  if (token.marker !== null) {
    const opens = heads || (after?.kind === 'commands' && after.indent > token.indent)
    if (namesActivity(text)) return opens || isTodo(text)
    return opens && !isInList(token, before) && hasFacts(readLabel(text))
  }
  if (isBold(text)) {
    const leads =
      after?.kind === 'commands' ||
      (after?.kind === 'text' && (isBold(after.text) || namesActivity(after.text)) && isTitleLike(after.text))
    return (
      scriptIn(firstBold(text)) !== undefined || heads || (namesActivity(text) && (leads || isTodo(text)))
    )
  }
  if (heads) return endsWithColon(text) || namesActivity(text) || hasFacts(readLabel(text))
  if (after?.kind !== 'commands' || after.indent < token.indent) return false
  return (endsWithColon(text) && text.length <= 80) || (namesActivity(text) && text.length <= 40)
}

/** A title such as `**eval_csgo.py** 8000` ranks above the plain lines below it. */
export const isTitleOfCommand = (text: string): boolean => isBold(text) || /^[\w/.-]+\.(py|sh)\b/.test(text)

/** A whole line in bold is the title of the notes below it. */
export const isTitleOfNotes = (text: string): boolean => /^(\*\*|__)[^*]+\1\s*[:：]?$/.test(text)

/** The last bullet of a list of notes is a note, unless it is the name of an experiment. */
const isInList = (token: TextToken, before: Token | undefined) =>
  before?.kind === 'text' && before.marker === token.marker && before.indent === token.indent

const isBold = (text: string) => /^(\*\*|__)\S/.test(text)
const firstBold = (text: string) => /^(?:\*\*|__)(.+?)(?:\*\*|__)/.exec(text)?.[1] ?? ''
const isTitleLike = (text: string) => isBold(text) || text.length <= 60
const endsWithColon = (text: string) => /[:：]$/.test(text)
const hasFacts = (labels: CommandLabels) =>
  Object.keys(labels).some((name) => name !== 'remarks' && name !== 'settings')
