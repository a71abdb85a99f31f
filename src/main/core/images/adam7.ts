/** The seven reduced pictures that an interlaced PNG consists of (specification, chapter 8). */

/** A reduced picture: its size, where its first pixel lies in the whole, and how far apart its pixels are there. */
export type Adam7Pass = { width: number; height: number; x: number; y: number; stepX: number; stepY: number }

const layout = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** The passes that hold any pixel, in file order. */
export function adam7Passes(width: number, height: number): Adam7Pass[] {
  return layout
    .map(([x, y, stepX, stepY]) => ({
      width: Math.ceil((width - x) / stepX),
      height: Math.ceil((height - y) / stepY),
      x,
      y,
      stepX,
      stepY,
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0)
}
