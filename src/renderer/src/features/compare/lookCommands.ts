/** What keys change about how pictures are looked at. */
import { setMode, useCompare } from './compareStore.ts'
import { channels } from './pictures/difference.ts'
import { alignmentRules } from './stage/alignment.ts'
import { fitView, pan, resolveView, zoomTo } from './stage/view.ts'
import { zoomRange } from './timeline/range.ts'
import type { Mode } from './address.ts'

const between = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
const following = <Item>(items: readonly Item[], item: Item) =>
  items[(items.indexOf(item) + 1) % items.length]

/** A key of a mode leads into it and back to side by side. */
export const toggleMode = (mode: Mode) => setMode(useCompare.getState().mode === mode ? 'side' : mode)

export function nextMap(): void {
  const { mode } = useCompare.getState()
  setMode(mode === 'ssim' ? 'lpips' : mode === 'lpips' ? 'side' : 'ssim')
}

/** More or less of what the mode lets be set: gain, place of the wipe, share of B, rate of blinking. */
export function changeLook(by: 1 | -1): void {
  useCompare.setState(({ mode, difference, wipe, opacity, blinksPerSecond }) => {
    switch (mode) {
      case 'difference':
        return { difference: { ...difference, gain: between(difference.gain * 2 ** by, 1, 32) } }
      case 'wipe':
        return { wipe: { ...wipe, place: between(wipe.place + by * 0.05, 0, 1) } }
      case 'overlay':
        return { opacity: between(Math.round((opacity + by * 0.05) * 100) / 100, 0, 1) }
      case 'blink':
        return { blinksPerSecond: between(blinksPerSecond + by, 1, 8) }
      default:
        return {}
    }
  })
}

/** Turns the line of a wipe by 15 degrees, or goes to the next channel of a difference. */
export function turnLook(): void {
  useCompare.setState(({ mode, difference, wipe }) => {
    if (mode === 'wipe') return { wipe: { ...wipe, angle: (wipe.angle + 15) % 180 } }
    if (mode === 'difference')
      return { difference: { ...difference, channel: following(channels, difference.channel) } }
    return {}
  })
}

export function toggleSigned(): void {
  const { difference } = useCompare.getState()
  const kind = difference.kind === 'signed' ? 'absolute' : 'signed'
  useCompare.setState({ difference: { ...difference, kind } })
  setMode('difference')
}

export const nextAlignment = (): void =>
  useCompare.setState(({ alignment }) => ({ alignment: following(alignmentRules, alignment) }))

/** Selects the whole picture for histogram and waveform, or nothing. */
export const toggleStatistics = (): void =>
  useCompare.setState(({ selection, stage }) => ({
    selection: selection || !stage ? undefined : { x: 0, y: 0, ...stage },
  }))

const somePane = { width: 640, height: 360 }

export function zoomOneToOne(): void {
  useCompare.setState(({ view, stage, pane = somePane }) =>
    stage ? { view: view.zoom === 1 ? fitView : zoomTo(view, 1, stage, pane) } : {},
  )
}

export function zoomBy(factor: number): void {
  useCompare.setState(({ view, stage, pane = somePane }) => {
    if (!stage) return {}
    const { zoom } = resolveView(view, stage, pane)
    return { view: zoomTo(view, between(zoom * factor, 1 / 16, 64), stage, pane) }
  })
}

/** Moves what is seen by an eighth of a pane. */
export function panBy(across: number, down: number): void {
  useCompare.setState(({ view, stage, pane = somePane }) => {
    if (!stage) return {}
    const [dx, dy] = [(-across * pane.width) / 8, (-down * pane.height) / 8]
    return { view: pan(view, dx, dy, stage, pane) }
  })
}

/** Zooms the timelines about the playhead. */
export function zoomTimeline(factor: number): void {
  useCompare.setState(({ range, head }) => {
    const share = (head.position + 0.5 - range.from) / (range.to - range.from)
    return { range: zoomRange(range, factor, between(share, 0, 1), head.count) }
  })
}
