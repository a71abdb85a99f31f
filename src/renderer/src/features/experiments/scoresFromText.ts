/**
 * Scores typed as `FID 14.71, total_loss: 0.313` by name, values as written. A piece without a value is kept under its
 * own text with an empty value, so that the preview shows what is wrong.
 */
export function scoresFromText(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(/[,;，；\n]/)
      .map((piece) => piece.trim())
      .filter((piece) => piece !== '')
      .map((piece): [string, string] => {
        const [, name, value] = /^(.+?)\s*(?:[:=：]|\s)\s*(\S+)$/.exec(piece) ?? []
        return name === undefined ? [piece, ''] : [name, value]
      }),
  )
}
