import type { OpenComparison } from '../comparison.ts'
import type { FrameSupply } from '../pictures/frameSupply.ts'

/** What the parts of the panel that read pixels are about: the pictures at a position. */
export type ShownPair = { data: OpenComparison; supply: FrameSupply; position: number }
