import { deDust2 } from './deDust2.ts'
import { deNuke } from './deNuke.ts'
import type { Level } from './level.ts'

/** The maps of the sample workspace. */
export const sampleLevels: readonly Level[] = [deDust2, deNuke]
