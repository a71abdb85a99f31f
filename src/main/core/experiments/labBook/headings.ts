/** Recognises headings: `## exp5`, `##exp5`, underlined ones, and those of org files. */
import { isBareLaunch, mentionsLaunch } from './launchText.ts'
import { plainName, withoutClosingSigns } from './markup.ts'
import type { Source } from './token.ts'

/** `lines` is how many lines the heading takes; `keyword` is TODO, DONE … of an org file. */
export type Heading = { level: number; name: string; lines: number; keyword?: string }

/** The heading at a line, counted from 0. */
export function headingAt({ lines, isOrg }: Source, at: number): Heading | undefined {
  return isOrg ? orgHeading(lines[at]) : (signedHeading(lines[at]) ?? underlinedHeading(lines, at))
}

function orgHeading(line: string): Heading | undefined {
  // A file has no other title than its #+TITLE, so one star is what two number signs are in Markdown.
  const found = /^(\*+)\s+(?:(TODO|DONE|NEXT|WAIT(?:ING)?)\s+)?(.+?)(?:\s+:[\w:@]+:)?\s*$/.exec(line)
  return found
    ? { level: found[1].length + 1, name: plainName(found[3]), lines: 1, keyword: found[2] }
    : undefined
}

function signedHeading(line: string): Heading | undefined {
  const signs = /^ {0,3}(#{1,6})(?!#)/.exec(line)
  if (!signs) return undefined
  const rest = line.slice(signs[0].length)
  const name = plainName(withoutClosingSigns(rest.trim()))
  // "##exp1" without a blank is meant as a heading; "#5e-4" and "#!/bin/sh" are not.
  const isHeading = /^[ \t]/.test(rest) || (signs[1].length >= 2 && /^[^\s#!]/.test(rest))
  return isHeading && name !== '' && !isCommentedCommand(name)
    ? { level: signs[1].length, name, lines: 1 }
    : undefined
}

/** `# python eval_csgo.py --csgo_config …` is a command that was commented out, or a prompt of root, but no heading. */
export const isCommentedCommand = (text: string): boolean => isBareLaunch(text) && /\s--?\w/.test(text)

/** Setext: one short line of plain words, alone between a blank line and its underline. */
function underlinedHeading(lines: readonly string[], at: number): Heading | undefined {
  const line = lines[at]
  const under = /^(={3,}|-{3,})\s*$/.exec(lines[at + 1] ?? '')?.[1]
  const isAlone = at === 0 || lines[at - 1].trim() === ''
  const isPlain =
    line.trim().length <= 80 && /^[\p{L}\p{N}]/u.test(line) && !/[`|]|=\S/.test(line) && !mentionsLaunch(line)
  return under !== undefined && isAlone && isPlain
    ? { level: under.startsWith('=') ? 1 : 2, name: plainName(line), lines: 2 }
    : undefined
}
