/** Where the window stood, and whether it can stand there again: screens come and go between two starts. */
import { z } from 'zod'

export type Area = { x: number; y: number; width: number; height: number }

const length = z.number().int().positive().max(100_000)
const place = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: length,
  height: length,
  isMaximized: z.boolean(),
})
export type WindowPlace = z.infer<typeof place>

/** So much of a window must be on a screen that it can be taken hold of and moved. */
const leastVisible = { width: 120, height: 40 }

/**
 * @param text a remembered place, as JSON; anything may stand there.
 * @param screens the parts of the screens that windows may fill, the main one first.
 * @returns the place on one of the screens and no larger than it; `undefined` when it is of no use.
 */
export function placeOn(screens: readonly Area[], text: string): WindowPlace | undefined {
  const remembered = parse(text)
  // The title bar is at the top, so the top edge itself has to be on the screen.
  const screen =
    remembered &&
    screens.find(
      (area) =>
        overlap(remembered.x, remembered.width, area.x, area.width) >= leastVisible.width &&
        remembered.y >= area.y &&
        remembered.y <= area.y + area.height - leastVisible.height,
    )
  if (!screen) return undefined
  return {
    ...remembered,
    width: Math.min(remembered.width, screen.width),
    height: Math.min(remembered.height, screen.height),
  }
}

const overlap = (a: number, aLength: number, b: number, bLength: number) =>
  Math.min(a + aLength, b + bLength) - Math.max(a, b)

function parse(text: string): WindowPlace | undefined {
  try {
    return place.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
