/** Lets time pass while the playhead plays, and blinks. The only place with a clock. */
import { useEffect } from 'react'
import { useCompare } from './compareStore.ts'
import type { FrameSupply } from './pictures/frameSupply.ts'
import { advance } from './playback/playhead.ts'
import { revealPosition } from './timeline/range.ts'

export function usePlayback(supply: FrameSupply | undefined): void {
  const isPlaying = useCompare(({ head }) => head.isPlaying)
  const isBlinking = useCompare(({ mode }) => mode === 'blink')
  const blinksPerSecond = useCompare((state) => state.blinksPerSecond)

  useEffect(() => {
    if (!isPlaying || !supply) return
    useCompare.setState({ dropped: 0 })
    let before = performance.now()
    // Kept here, and not in the state, which only changes when there is something else to see.
    let carry = 0
    let request = requestAnimationFrame(function tick(now) {
      const elapsed = Math.max(0, now - before) / 1000
      before = now
      const state = useCompare.getState()
      const { head, dropped } = advance(
        { ...state.head, carry },
        elapsed,
        (position) => supply.isReady(state, position),
        supply.stride,
      )
      carry = head.carry
      if (head.position !== state.head.position || head.isPlaying !== state.head.isPlaying)
        useCompare.setState({
          head,
          dropped: state.dropped + dropped,
          range: revealPosition(state.range, head.position, head.count),
        })
      request = requestAnimationFrame(tick)
    })
    return () => cancelAnimationFrame(request)
  }, [isPlaying, supply])

  useEffect(() => {
    if (!isBlinking) return
    const timer = setInterval(
      () => useCompare.setState(({ blink }) => ({ blink: blink + 1 })),
      1000 / blinksPerSecond,
    )
    return () => clearInterval(timer)
  }, [isBlinking, blinksPerSecond])
}
