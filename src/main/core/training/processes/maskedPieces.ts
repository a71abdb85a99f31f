import type { TailPiece } from '../../../../shared/contract/training.ts'

/** How well-known tokens begin, and addresses that may hold a password. */
const tokenBeginning = /(?:hf_|gh[pousr]_|github_pat_|glpat-|sk-|xox[abprs]-|A[KS]IA|eyJ|:\/\/)[^\s]*$/
const longestHeld = 400

/**
 * Output with its secrets masked. What may be the first half of one waits for the next piece, so that a secret is
 * hidden wherever a piece ends; all other text passes at once.
 *
 * @param mask hides the secrets of a text.
 * @param values secrets that `mask` knows by value.
 */
export async function* maskedPieces(
  pieces: AsyncIterable<TailPiece>,
  mask: (text: string) => string,
  values: readonly string[],
): AsyncGenerator<TailPiece> {
  let held = ''
  for await (const piece of pieces) {
    const text = held + piece.text
    const end = piece.isEnd ? text.length : safeEnd(text, values)
    held = text.slice(end)
    yield { ...piece, text: mask(text.slice(0, end)) }
  }
}

/** Index before which no secret can be cut in two. */
function safeEnd(text: string, values: readonly string[]): number {
  const from = Math.max(0, text.length - longestHeld)
  const last = text.slice(from)
  const shape = tokenBeginning.exec(last)
  let end = shape ? from + shape.index : text.length
  for (const value of values) {
    for (let length = Math.min(value.length - 1, text.length); length > 0; length--) {
      if (!text.endsWith(value.slice(0, length))) continue
      end = Math.min(end, text.length - length)
      break
    }
  }
  return end
}
