/** Code spans inside a line of text. */
import { mentionsLaunch } from './launchText.ts'

/** A part of a line. `raw` is the text with its markup; `isOpen` marks a code span that is never closed. */
export type Piece = { isCode: boolean; isOpen?: boolean; text: string; raw: string }

/** How a command may begin, even when its script stands on a later line. */
export const startsLaunch =
  /^\s*(?:[A-Za-z_]\w*=|(?:\S*\/)?(?:python[\d.]*|torchrun|deepspeed|accelerate|srun|nohup|cd)\b)/

/** Cuts a text into code spans and what lies between, as CommonMark does: a run of backticks ends at an equal run. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }))
  const byLength = new Map<number, number[]>()
  for (let i = runs.length - 1; i >= 0; i--) {
    const positions = byLength.get(runs[i].length)
    if (positions) positions.push(runs[i].at)
    else byLength.set(runs[i].length, [runs[i].at])
  }
  let plainFrom = 0
  for (let i = 0; i < runs.length; i++) {
    const open = runs[i]
    if (open.at < plainFrom) continue
    // Positions of runs of this length, the next one last.
    const positions = byLength.get(open.length) ?? []
    while (positions.length > 0 && positions.at(-1)! <= open.at) positions.pop()
    const close = positions.length > 0 ? { at: positions.at(-1)!, length: open.length } : undefined
    const plain = text.slice(plainFrom, open.at)
    if (!close) {
      const inside = text.slice(open.at + open.length)
      if (!mentionsLaunch(inside) && !(startsLaunch.test(inside) && /\\\s*(\n|$)/.test(inside))) continue
      if (plain !== '') pieces.push({ isCode: false, text: plain, raw: plain })
      const raw = text.slice(open.at)
      pieces.push({ isCode: false, isOpen: true, text: raw.slice(open.length), raw })
      return pieces
    }
    if (plain !== '') pieces.push({ isCode: false, text: plain, raw: plain })
    pieces.push({
      isCode: true,
      text: text.slice(open.at + open.length, close.at),
      raw: text.slice(open.at, close.at + close.length),
    })
    plainFrom = close.at + close.length
  }
  const rest = text.slice(plainFrom)
  if (rest !== '') pieces.push({ isCode: false, text: rest, raw: rest })
  return pieces
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

export function splitHtml(text: string): Piece[] {
  return text.split('\0').map((part) => {
    const decoded = part.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity])
    return { isCode: mentionsLaunch(decoded), text: decoded, raw: part }
  })
}

export function codeSpans(text: string): { content: string }[] {
  return piecesOf(text)
    .filter(({ isCode }) => isCode)
    .map((piece) => ({ content: piece.text }))
}
