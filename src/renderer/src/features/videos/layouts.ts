/** The layouts in the order they are offered. The contract's own list comes with its schemas, which pages do not load. */
import type { VideoLayout } from '../../../../shared/contract/videos.ts'

export type { VideoLayout }
export const videoLayouts: readonly VideoLayout[] = ['pair', 'single', 'three-column', 'diff', 'runs']
