/** The text of a note in pieces: struck-through, code, links, and plain. Nothing else is interpreted, and no HTML. */

export type NotePiece =
  { kind: 'text' | 'struck' | 'code' | 'strong'; text: string } | { kind: 'link'; text: string; href: string }

const pieces =
  /~~(?<struck>[^~]+)~~|`(?<code>[^`]+)`|\*\*(?<strong>[^*]+)\*\*|(?<link>https?:\/\/[^\s<>"'`）)，。]+)/g

/** Cuts a note's text; joined again, the pieces give the text without its `~~`, `` ` `` and `**`. */
export function notePieces(text: string): NotePiece[] {
  const found: NotePiece[] = []
  let from = 0
  for (const match of text.matchAll(pieces)) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) })
    const { struck, code, strong, link } = match.groups!
    if (struck !== undefined) found.push({ kind: 'struck', text: struck })
    else if (code !== undefined) found.push({ kind: 'code', text: code })
    else if (strong !== undefined) found.push({ kind: 'strong', text: strong })
    else found.push({ kind: 'link', text: link, href: link })
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) })
  return found
}
